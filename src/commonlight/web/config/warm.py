"""What every page needs is loaded once, before the server divides.

The processes of the server share it, and no first visitor waits for it. It stays for good, so the
search for unreachable objects passes it by: else each such search stops a page for a fifth of a
second, some of a hundred pages in each busy minute (`benchmarks/web_path.py`).
"""

from __future__ import annotations

import gc
from pathlib import Path

from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.urls import reverse

__all__ = ["load_what_pages_need"]

OWN = Path(__file__).parents[1]
"""Templates in here are ours; those of libraries are hardly asked for."""


def load_what_pages_need() -> None:
    """Load addresses, views and templates, and tell the search for garbage that they stay."""
    reverse("config-site:live")
    for engine in engines.all():
        if isinstance(engine, DjangoTemplates):
            _load_templates(engine)
    gc.collect()
    gc.freeze()


def _load_templates(engine: DjangoTemplates) -> None:
    for folder in map(Path, engine.template_dirs):
        if folder.is_relative_to(OWN):
            for path in sorted(folder.rglob("*.html")):
                engine.get_template(str(path.relative_to(folder)))
