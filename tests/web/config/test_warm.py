"""What is loaded before the server divides: all that pages share, and nothing that cannot be."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from web.config.test_serve import HEAVY, clean_environment

LOADS = """
import gc, json, sys, threading
from commonlight.web.config.start import start_django
start_django(needs_database=False)
from commonlight.web.config.warm import load_what_pages_need
load_what_pages_need()
left = len(gc.get_objects())
from django.db import connections
from django.template import engines
from django.urls import get_resolver
modules = set(sys.modules)
get_resolver().reverse_dict
cached = engines["django"].engine.template_loaders[0].get_template_cache
print(json.dumps({
    "frozen": gc.get_freeze_count(),
    "left": left,
    "threads": threading.active_count(),
    "connected": [one.alias for one in connections.all(initialized_only=True) if one.connection],
    "templates": [template.name for template in cached.values()],
    "loaded by addresses": sorted(set(sys.modules) - modules),
    "modules": sorted(name.split(".")[0] for name in sys.modules),
}))
"""


def test_all_that_pages_share_is_loaded_before_the_server_divides(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADS],
        env=clean_environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert (found["threads"], found["connected"]) == (1, [])
    assert not set(HEAVY) & set(found["modules"])
    assert found["loaded by addresses"] == []
    assert {"problems/list.html", "ui/base.html"} <= set(found["templates"])
    assert found["left"] < found["frozen"] / 100
