"""An agreement as paragraphs of a document, with its parties, its digest and places to sign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from commonlight.web.agreements.models import Agreement
from commonlight.web.agreements.word_file import Paragraph
from commonlight.web.ui.dates import date_format

__all__ = ["paragraphs"]


def paragraphs(agreement: Agreement, terms: dict[str, Any]) -> list[Paragraph]:
    """Title, summary, all parts, and the signatures by office."""
    with translation.override(terms["language"]):
        return [*_head(agreement, terms), *_parts(terms), *_signatures(agreement)]


def _head(agreement: Agreement, terms: dict[str, Any]) -> Iterator[Paragraph]:
    yield Paragraph(agreement.title, "Title")
    values = {"number": agreement.number, "workspace": agreement.workspace.name}
    yield Paragraph(_("Sharing agreement %(number)s of %(workspace)s") % values)
    yield Paragraph(str(agreement.get_kind_display()))
    if not agreement.text_digest:
        yield Paragraph(_("This is a draft. It binds nobody."))
    yield Paragraph(_("In plain words"), "Heading1")
    yield from (Paragraph(sentence) for sentence in terms["summary"])


def _parts(terms: dict[str, Any]) -> Iterator[Paragraph]:
    for part in terms["parts"]:
        yield Paragraph(part["title"], "Heading1")
        yield from (Paragraph(line, "ListBullet") for line in part["lines"])
        for section in part["sections"]:
            yield Paragraph(section["title"], "Heading2")
            yield Paragraph(section["text"])


def _signatures(agreement: Agreement) -> Iterator[Paragraph]:
    yield Paragraph(_("Signatures"), "Heading1")
    for party in agreement.parties.all():
        values = {"party": party.organisation, "date": ""}
        if party.signed_at:
            values["date"] = date_format(party.signed_at, "DATE_FORMAT")
            yield Paragraph(_("%(party)s: signed in the workbench on %(date)s") % values)
        else:
            yield Paragraph(_("%(party)s: not signed") % values)
    if agreement.text_digest:
        yield Paragraph(
            _("Digest of this text (SHA-256): %(digest)s") % {"digest": agreement.text_digest}
        )
