"""The text of an agreement, part by part, and the digest that freezes it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from commonlight.web.agreements.domain.clauses import clauses_for
from commonlight.web.agreements.domain.words import (
    field_names,
    listed,
    place_words,
    say_date,
    summary,
    time_words,
)
from commonlight.web.agreements.enums import AgreementKind, Part
from commonlight.web.agreements.models import Agreement

__all__ = ["digest_of", "is_untouched", "terms_of"]

SCHEMA = "commonlight.agreement/1"


def terms_of(agreement: Agreement) -> dict[str, Any]:
    """Everything that is agreed, as data and as text in the language of the workspace."""
    with translation.override(agreement.workspace.language):
        return {**_data(agreement), "summary": summary(agreement), "parts": _parts(agreement)}


def digest_of(terms: dict[str, Any]) -> str:
    """SHA-256 of the terms; the order in which a database returns them does not matter."""
    text = json.dumps(terms, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_untouched(agreement: Agreement) -> bool:
    """Whether the frozen text and what the workbench applies are still what was offered.

    A data set that was deleted since is no change of the text.
    """
    now, frozen = _data(agreement), dict(agreement.terms)
    named = frozen.pop("datasets", [])
    applied = {name: now[name] for name in now if name != "datasets"}
    return (
        digest_of(agreement.terms) == agreement.text_digest
        and {name: frozen.get(name) for name in applied} == applied
        and set(now["datasets"]) <= set(named)
    )


def _data(agreement: Agreement) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "number": agreement.number,
        "title": agreement.title,
        "kind": agreement.kind,
        "language": agreement.workspace.language,
        "parties": [
            {"name": str(one.organisation), "gives": one.gives, "receives": one.receives}
            for one in sorted(agreement.parties.all(), key=lambda one: str(one.organisation))
        ],
        "purpose": agreement.purpose,
        "legal_basis": agreement.legal_basis,
        "datasets": sorted(one.slug for one in agreement.datasets.all()),
        "fields": list(agreement.fields),
        "place_detail": agreement.place_detail,
        "time_detail": agreement.time_detail,
        "starts_on": agreement.starts_on.isoformat() if agreement.starts_on else None,
        "expires_on": agreement.expires_on.isoformat() if agreement.expires_on else None,
        "clauses": {
            one.id: agreement.clauses[one.id]
            for one in clauses_for(agreement.kind)
            if agreement.clauses.get(one.id)
        },
        "replaces": agreement.replaces.number if agreement.replaces else None,
    }


def _parts(agreement: Agreement) -> list[dict[str, Any]]:
    lines = {
        Part.PARTIES: _parties(agreement),
        Part.PURPOSE: [
            _("Purpose: %(purpose)s") % {"purpose": agreement.purpose},
            _("Legal basis: %(basis)s") % {"basis": agreement.legal_basis},
        ],
        Part.DATA: _datasets(agreement),
        Part.DETAIL: [
            _("Places are shown %(place)s, and not finer.")
            % {"place": place_words(agreement.place_detail)},
            _("Times are shown %(time)s, and not finer.")
            % {"time": time_words(agreement.time_detail)},
        ],
        Part.DATES: [
            _("First day: %(day)s") % {"day": say_date(agreement.starts_on)},
            _("Last day: %(day)s") % {"day": say_date(agreement.expires_on)},
            *_replaced(agreement),
        ],
        Part.CLAUSES: [],
    }
    return [
        {
            "id": part.value,
            "title": str(part.label),
            "lines": lines[part],
            "sections": _clauses(agreement) if part == Part.CLAUSES else [],
        }
        for part in Part
    ]


def _parties(agreement: Agreement) -> list[str]:
    if agreement.kind != AgreementKind.ONE_WAY:
        return [
            _("%(party)s gives and receives.") % {"party": one.organisation}
            for one in agreement.parties.all()
        ]
    told = {(True, False): _("%(party)s gives."), (False, True): _("%(party)s receives.")}
    both = _("%(party)s gives and receives.")
    return [
        told.get((one.gives, one.receives), both) % {"party": one.organisation}
        for one in agreement.parties.all()
    ]


def _datasets(agreement: Agreement) -> list[str]:
    sets = [
        _("%(dataset)s, of %(owner)s") % {"dataset": one.name, "owner": one.owner}
        for one in agreement.datasets.select_related("owner")
    ]
    if not agreement.fields:
        return [*sets, _("Only counts are shared, never single records.")]
    names = listed(field_names(agreement.fields))
    told = _("Fields of single records that may be handed on: %(fields)s.")
    return [*sets, told % {"fields": names}]


def _clauses(agreement: Agreement) -> list[dict[str, Any]]:
    return [
        {"title": one.title, "text": agreement.clauses[one.id]}
        for one in clauses_for(agreement.kind)
        if agreement.clauses.get(one.id)
    ]


def _replaced(agreement: Agreement) -> list[str]:
    if agreement.replaces is None:
        return []
    values = {"number": agreement.replaces.number, "title": agreement.replaces.title}
    return [_("This agreement follows agreement %(number)s “%(title)s”.") % values]
