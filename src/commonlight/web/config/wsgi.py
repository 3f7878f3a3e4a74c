"""What the server calls."""

from __future__ import annotations

import multiprocessing
import os
import signal

from django.core.wsgi import get_wsgi_application

from commonlight.web.runs.parent import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonlight.web.config.settings")

server = multiprocessing.parent_process()
if server is not None and server.pid is not None:
    # A worker of the server must not go on, and hold the port, when the server was killed.
    die_with_parent(server.pid, signal.SIGTERM)

application = get_wsgi_application()
