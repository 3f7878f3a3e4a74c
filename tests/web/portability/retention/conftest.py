"""Things that are past their time, with files."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commonlight.web.audits.models import AuditPlan, StoredFinding
from commonlight.web.runs.models import Run


def days_ago(days):
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def a_file():
    """Write a file of some bytes and give its path."""

    def write(path, size=100):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
        return path

    return write


@pytest.fixture
def old_run(city, a_file):
    """A run that is done since some days, with a result folder."""

    def make(kind="audits.audit", *, days=400, workspace=None, **given):
        place = workspace or city.workspace
        made = Run.objects.create(
            workspace=place,
            kind=kind,
            title=kind,
            library_version="1",
            fingerprint="f" * 64,
            state="done",
            result={"rows": 3},
            finished_at=days_ago(days),
            **given,
        )
        made.result_folder = f"{made.pk}-1-abcd"
        made.save()
        a_file(made.result_path / "data.csv")
        return made

    return make


@pytest.fixture
def finding(city):
    """A finding of a run that rests on a data set."""

    def make(run, slug="burglary", **given):
        plan, _ = AuditPlan.objects.of(city.workspace).get_or_create(
            slug="plan", workspace=city.workspace, defaults={"title": "Plan"}
        )
        return StoredFinding.objects.create(
            workspace=city.workspace,
            plan=plan,
            run=run,
            key=slug,
            order=1,
            sources=[slug],
            place_detail="area",
            time_detail="month",
            **given,
        )

    return make
