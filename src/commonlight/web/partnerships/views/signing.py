"""The steps of a partnership agreement: offer, take back, sign, download."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commonlight.web.agreements.word_file import MEDIA_TYPE, Paragraph, word_file
from commonlight.web.eventlog.models import EventKind
from commonlight.web.eventlog.record import record
from commonlight.web.partnerships.domain.agreement import (
    offer_agreement,
    open_clauses,
    sign_agreement,
    take_back_agreement,
    text_of,
)
from commonlight.web.partnerships.enums import AgreementState
from commonlight.web.partnerships.forms.agreement import SignForm
from commonlight.web.partnerships.models import PartnershipAgreement
from commonlight.web.partnerships.views.agreement import agreement_of
from commonlight.web.partnerships.views.confirm import confirm_step
from commonlight.web.partnerships.views.shared import address, ask, either, sent
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.ui.dates import date_format

__all__ = ["docx", "offer", "sign", "take_back"]


@either
@page("partnership.manage")
def offer(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Freeze the text, if no clause is open."""
    agreement = agreement_of(request, number, "partnership.manage")
    back = address(request, "agreement", number)
    if agreement.state != AgreementState.DRAFT or open_clauses(agreement):
        return redirect(back)
    return confirm_step(
        request,
        lambda: offer_agreement(request.actor, agreement),
        title=_("Offer the agreement for signature"),
        button=_("Offer for signature"),
        done=_("The agreement is offered. Its signatories can now read and sign it."),
        back=back,
        consequences=[
            _("The text is frozen with a digest (SHA-256)."),
            _("The registered signatory of each organisation can read and sign it."),
        ],
    )


@either
@page("partnership.manage")
def take_back(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """Make the offered text a draft again."""
    agreement = agreement_of(request, number, "partnership.manage")
    return confirm_step(
        request,
        lambda: take_back_agreement(request.actor, agreement),
        title=_("Take the agreement back to a draft"),
        button=_("Take back"),
        done=_("The agreement is a draft again."),
        back=address(request, "agreement", number),
        consequences=[
            _("The organisations can no longer sign the text."),
            _("Signatures that were given no longer count."),
        ],
    )


@either
@page("partnership.sign")
def sign(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The whole text and the declaration, for the registered signatory."""
    agreement = agreement_of(request, number, "partnership.sign")
    form = SignForm(sent(request))
    return ask(
        request,
        form,
        lambda: sign_agreement(request.actor, agreement),
        title=_("Sign the partnership agreement"),
        button=_("Sign agreement"),
        done=_("You have signed for your organisation."),
        back=address(request, "agreement", number),
        template="partnerships/sign.html",
        agreement=agreement,
    )


@require_safe
@page("partnership.view")
def docx(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """The text as it stands, for a word processor."""
    agreement = agreement_of(request, number)
    text = agreement.text or text_of(agreement)
    with translation.override(text["language"]):
        content = word_file(
            paragraphs(agreement, text), title=agreement.title, language=text["language"]
        )
    record(request.actor, "partnership.view", agreement, kind=EventKind.EXPORT, format="docx")
    answer = HttpResponse(content, content_type=MEDIA_TYPE)
    name = f"partnership-agreement-{workspace}-{number}.docx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def paragraphs(agreement: PartnershipAgreement, text: dict[str, object]) -> Iterator[Paragraph]:
    """Title, clauses and signatures by organisation."""
    yield Paragraph(agreement.title, "Title")
    values = {"number": agreement.number, "workspace": agreement.workspace.name}
    yield Paragraph(_("Partnership agreement of %(workspace)s, version %(number)s") % values)
    if not agreement.text_digest:
        yield Paragraph(_("This is a draft. It binds nobody."))
    clauses: list[dict[str, str]] = text["clauses"]  # type: ignore[assignment]
    for one in clauses:
        yield Paragraph(one["title"], "Heading1")
        yield Paragraph(one["text"])
    yield Paragraph(_("Signatures"), "Heading1")
    for signature in agreement.signatures.all():
        told = {"party": signature.organisation, "date": ""}
        if signature.signed_at:
            told["date"] = date_format(signature.signed_at, "DATE_FORMAT")
            yield Paragraph(_("%(party)s: signed in the workbench on %(date)s") % told)
        else:
            yield Paragraph(_("%(party)s: not signed") % told)
    if agreement.text_digest:
        digest = {"digest": agreement.text_digest}
        yield Paragraph(_("Digest of this text (SHA-256): %(digest)s") % digest)
