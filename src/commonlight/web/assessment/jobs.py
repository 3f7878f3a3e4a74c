"""The job of an assessment: its two sheets as a PDF, made in the worker."""

from __future__ import annotations

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from commonlight.web import runs
from commonlight.web.assessment.domain.finding import find_assessment
from commonlight.web.assessment.domain.sheets import PDF_JOB, sheet_content
from commonlight.web.assessment.domain.summary import summary_of
from commonlight.web.assessment.models import Assessment
from commonlight.web.policy import Actor, require
from commonlight.web.runs.models import Run

__all__ = ["may_read", "pdf"]


@runs.job(
    PDF_JOB,
    lane="quick",
    title=gettext_noop("Two sheets of “{strategy}”"),
    result_schema="commonlight.assessment.pdf/1",
    action="assessment.view",
)
def pdf(work: runs.Work) -> dict[str, Any]:
    """The sheets as the person who asked may read them, in the language that was asked for."""
    from commonlight.web.assessment.methods.paper import write_sheets

    assert work.actor is not None
    language, today = work.parameters["language"], timezone.localdate()
    with translation.override(language):
        found = _found(work.actor, work.run)
        content = sheet_content(summary_of(work.actor, found), made_on=today)
    path = work.folder / "assessment.pdf"
    write_sheets(content, path, language=language.partition("-")[0], made_on=today)
    return {"file": path.name, "bytes": path.stat().st_size}


@pdf.check
def may_read(actor: Actor, run: Run) -> None:
    """Asked at the request and again before the work."""
    require(actor, "assessment.view", _found(actor, run))


def _found(actor: Actor, run: Run) -> Assessment:
    given = run.parameters
    found = find_assessment(actor, given["strategy"], given["edition"])
    if found is None:
        raise ValueError("the assessment is not there any more")
    return found
