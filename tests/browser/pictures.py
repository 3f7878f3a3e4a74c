"""Pictures of pages, where somebody asked for them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

__all__ = ["shot"]


def shot(page: Any, name: str) -> None:
    """Keep a picture of the whole page in the folder that COMMONLIGHT_SHOTS names."""
    folder = os.environ.get("COMMONLIGHT_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True, caret="initial")
