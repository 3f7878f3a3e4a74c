"""Fixtures that every room's tests may use."""

from __future__ import annotations

import os
from pathlib import Path

# Two test processes share two cores. Threads of linear algebra, which wait for each other by
# turning, made tests of 120 months ten times slower. To be set before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import settings

# On a developer's machine properties are tried on new examples each time; CI repeats its own,
# so that a red run tells of the change and not of the draw.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets beside the checkout; skips where it is missing."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"needs the real data sets in {SHARED_DATA}, which is not there")
    return SHARED_DATA
