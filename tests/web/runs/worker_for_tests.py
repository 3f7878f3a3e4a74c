"""A worker in a process of its own, on the database of a test: ``HOME DATABASE NAME LEASE``.

With the name ``many`` it forks one worker after the other, each named by its process, so that
twenty of them need not load twenty times.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

home, database, name, lease = sys.argv[1:]
os.environ["COMMONLIGHT_HOME"] = home
os.environ["COMMONLIGHT_LOG_LEVEL"] = "info"
os.environ["COMMONLIGHT_DATABASE_URL"] = os.environ.get("COMMONLIGHT_TEST_DATABASE", "")
os.environ["DJANGO_SETTINGS_MODULE"] = "commonlight.web.config.settings"

from commonlight.web.config import settings  # noqa: E402

settings.DATABASES["default"]["NAME"] = database

import django  # noqa: E402

django.setup()

from commonlight.web.config.process import drop_pool  # noqa: E402
from commonlight.web.runs.parent import die_with_parent  # noqa: E402
from commonlight.web.runs.worker import Worker  # noqa: E402

spec = importlib.util.spec_from_file_location(
    "jobs_for_tests", Path(__file__).with_name("jobs_for_tests.py")
)
assert spec is not None
assert spec.loader is not None
spec.loader.exec_module(importlib.util.module_from_spec(spec))

drop_pool()
while name == "many":
    nursery = os.getpid()
    worker = os.fork()
    if worker == 0:
        die_with_parent(nursery)
        Worker(name=str(os.getpid()), lease=float(lease), look=0.05).run()
        os._exit(0)
    os.waitpid(worker, 0)
Worker(name=name, lease=float(lease), look=0.05).run()
