"""Fixtures that every room's tests may use."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

# Two test processes share two cores. Threads of linear algebra, which wait for each other by
# turning, made tests of 120 months ten times slower. To be set before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture.providers import HypothesisProvider
from hypothesis.internal.constants_ast import Constants

import databases

# No example fails for its time: a busy machine is no fault of the code. On a developer's machine
# properties are tried on new examples each time; CI repeats its own, so that a red run tells of
# the change and not of the draw.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
if os.environ.get("CI"):
    # It also draws from the constants of whichever modules are loaded, which in a run of several
    # processes depends on the tests that came before. There is no setting for it; where another
    # version of the library names it otherwise, this fails at once.
    pytest.MonkeyPatch().setattr(HypothesisProvider, "_local_constants", Constants())

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets beside the checkout; skips where it is missing."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"needs the real data sets in {SHARED_DATA}, which is not there")
    return SHARED_DATA


@pytest.fixture(scope="session")
def folder_of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a test run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def fill_home(folder_of_all: Path) -> Callable[[Path], None]:
    """Make a home as `commonlight migrate` would, in a hundredth of its time."""
    return lambda home: databases.fill_home(home, folder_of_all)


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """The file of the test database is not removed: it is a copy with all tables."""
    return _is_copied(request) and not os.environ.get("COMMONLIGHT_TEST_DATABASE")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    folder_of_all: Path,
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Where several processes need a database with all tables, it is made once and copied."""
    if not _is_copied(request):
        return
    from django.db import connection

    test = connection.settings_dict["TEST"]
    if server := os.environ.get("COMMONLIGHT_TEST_DATABASE"):
        test["TEMPLATE"] = databases.migrated_database(folder_of_all, server)
    else:
        home = databases.migrated_home(folder_of_all)
        shutil.copy(home / "workbench.sqlite3", test["NAME"])


def _is_copied(request: pytest.FixtureRequest) -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ and not request.config.getvalue("nomigrations")
