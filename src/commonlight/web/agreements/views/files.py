"""An agreement as a file for a word processor."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from commonlight.web.agreements.domain.terms import terms_of
from commonlight.web.agreements.paragraphs import paragraphs
from commonlight.web.agreements.views.shared import asked_for
from commonlight.web.agreements.word_file import MEDIA_TYPE, word_file
from commonlight.web.eventlog.models import EventKind
from commonlight.web.eventlog.record import record
from commonlight.web.policy import WorkspaceRequest, page

__all__ = ["docx"]


@require_safe
@page("agreement.view")
def docx(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The text as it stands: the frozen one, or that of the draft."""
    agreement = asked_for(request, number)
    terms = agreement.terms or terms_of(agreement)
    content = word_file(
        paragraphs(agreement, terms), title=agreement.title, language=terms["language"]
    )
    record(request.actor, "agreement.view", agreement, kind=EventKind.EXPORT, format="docx")
    answer = HttpResponse(content, content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="agreement-{workspace}-{number}.docx"'
    return answer
