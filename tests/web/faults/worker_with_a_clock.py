"""The worker of tests, whose clock is wrong by the seconds that a file says."""

from __future__ import annotations

import os
import runpy
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

CLOCK = Path(os.environ["COMMONLIGHT_TEST_CLOCK"])
right = timezone.now


def wrong() -> datetime:
    return right() + timedelta(seconds=int(CLOCK.read_text()))


timezone.now = wrong
runpy.run_path(str(Path(__file__).parents[1] / "runs" / "worker_for_tests.py"), run_name="__main__")
