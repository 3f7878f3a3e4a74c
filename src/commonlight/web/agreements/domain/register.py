"""The public register: what is shared in this city, without persons."""

from __future__ import annotations

from datetime import date
from typing import Any

from commonlight.web.agreements.domain.finding import agreements_of, standing
from commonlight.web.agreements.enums import AgreementState
from commonlight.web.agreements.models import Agreement

__all__ = ["COLUMNS", "entry", "register", "register_row"]

SCHEMA = "commonlight.agreements.register/1"
COLUMNS = (
    "number",
    "title",
    "kind",
    "purpose",
    "legal_basis",
    "giving",
    "receiving",
    "contacts",
    "data_kinds",
    "place_detail",
    "time_detail",
    "signed_on",
    "starts_on",
    "expires_on",
    "ended_on",
    "standing",
    "sha256",
)


def register(workspace: Any, on: date) -> list[tuple[Agreement, dict[str, Any]]]:
    """All agreements that were ever signed, newest first, in a constant number of queries."""
    signed = agreements_of(workspace).filter(
        state__in=[AgreementState.SIGNED, AgreementState.ENDED], signed_at__isnull=False
    )
    return [(one, entry(one, on)) for one in signed]


def entry(agreement: Agreement, on: date) -> dict[str, Any]:
    """What everybody may know about an agreement."""
    parties = list(agreement.parties.all())
    kinds = {one.kind for one in agreement.datasets.all()}
    return {
        "number": agreement.number,
        "title": agreement.title,
        "kind": agreement.kind,
        "purpose": agreement.purpose,
        "legal_basis": agreement.legal_basis,
        "giving": [str(one.organisation) for one in parties if one.gives],
        "receiving": [str(one.organisation) for one in parties if one.receives],
        "contacts": {
            str(one.organisation): one.organisation.public_contact
            for one in parties
            if one.organisation.public_contact
        },
        "data_kinds": sorted(kinds),
        "place_detail": agreement.place_detail,
        "time_detail": agreement.time_detail,
        "signed_on": _day(agreement.signed_at),
        "starts_on": _iso(agreement.starts_on),
        "expires_on": _iso(agreement.expires_on),
        "ended_on": _day(agreement.ended_at),
        "standing": standing(agreement, on).name,
        "sha256": agreement.text_digest,
    }


def register_row(told: dict[str, Any]) -> list[Any]:
    """An entry as one line of a table; several values are joined by a semicolon."""
    return [_cell(told[name]) for name in COLUMNS]


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {text}" for name, text in value.items())
    return "; ".join(value) if isinstance(value, list) else value


def _day(moment: Any) -> str | None:
    return moment.date().isoformat() if moment else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
