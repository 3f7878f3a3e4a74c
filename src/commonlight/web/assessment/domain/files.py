"""An assessment as files: JSON for machines, tables that compute nothing in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from commonlight.web.assessment.domain.matrix import Judged, Row
from commonlight.web.assessment.domain.shares import Share
from commonlight.web.assessment.domain.summary import Summary
from commonlight.web.assessment.words import verdict_rows
from commonlight.web.eventlog.csv_export import safe_cell
from commonlight.web.ui.punctuation import listed, named

__all__ = ["FILES", "as_json", "file_of"]

SCHEMA = "commonlight.assessment/1"


def file_of(name: str, summary: Summary) -> tuple[bytes, str]:
    """A file by its name, and its media type.

    Raises
    ------
    KeyError
        If there is no file of this name.
    """
    make, media_type = FILES[name]
    return make(summary), media_type


def as_json(summary: Summary) -> dict[str, Any]:
    """The whole assessment as the actor may read it; gaps and differences stand first."""
    reading = summary.reading
    assessment, strategy = reading.assessment, reading.assessment.strategy
    return {
        "schema": SCHEMA,
        "strategy": {
            "number": strategy.number,
            "title": strategy.title,
            "language": strategy.language,
            "authors": [one.name for one in strategy.authors.all()],
            "text_version": assessment.text.number,
            "text_digest": assessment.text.digest,
        },
        "assessment": assessment.number,
        "state": assessment.state,
        "model": {
            "id": reading.model.id,
            "title": reading.model.title,
            "version": reading.model.version,
            "digest": assessment.model.digest,
        },
        "coverage": {
            "total": reading.coverage.total,
            "tagged": reading.coverage.tagged,
            "no_principle": reading.coverage.none,
            "unread": reading.coverage.unread,
        },
        "gaps": [
            {"id": row.item.id, "title": row.item.title, "gap": row.gap, "text": str(row.sentence)}
            for row in reading.matrix.gaps
        ],
        "differences": [one.claim.number for one in reading.differences],
        "matrix": {
            "principles": [_row(one) for one in reading.matrix.principles],
            "values": [_row(one) for one in reading.matrix.values],
        },
        "assessors": [_assessor(one) for one in assessment.assessors.all()],
        "claims": [_claim(one) for one in reading.claims],
        "mirror": _mirror(summary),
        "recommendations": [_recommendation(one) for one in summary.recommendations],
    }


def _json(summary: Summary) -> bytes:
    return json.dumps(as_json(summary), ensure_ascii=False, indent=2).encode()


def _claims(summary: Summary) -> bytes:
    heads = (
        _("number"),
        _("claim"),
        _("state"),
        _("principles"),
        _("values"),
        _("verdict"),
        _("verdicts"),
        _("assessors who looked it up"),
        _("records"),
    )
    rows = (
        (
            one.claim.number,
            one.claim.text,
            one.claim.get_state_display(),
            listed(item.title for item in one.principles),
            listed(item.title for item in one.values),
            _verdict(one.now),
            listed(
                named(_who(each.assessor), f"{_verdict(each.now)}. {each.verdict.note}").strip()
                for each in one.verdicts
            ),
            one.lookers,
            listed(
                f"{each.title or _('closed to you')} ({each.direction})" for each in one.evidence
            ),
        )
        for one in summary.reading.claims
    )
    return _table(heads, rows)


def _matrix(summary: Summary) -> bytes:
    matrix = summary.reading.matrix
    names = [*verdict_rows(), "differ", "open"]
    heads = (_("principle or value"), *(_verdict(one) for one in names), _("claims"), _("gap"))
    rows = (
        (
            row.item.title,
            *(row.counts[name] for name in names),
            len(row.claims),
            str(row.sentence),
        )
        for row in (*matrix.principles, *matrix.values)
    )
    return _table(heads, rows)


def _mirror_table(summary: Summary) -> bytes:
    heads = (
        _("problem"),
        _("profile"),
        _("figure"),
        _("value"),
        _("lowest"),
        _("highest"),
        _("share"),
        _("share, lowest"),
        _("share, highest"),
        _("source"),
        _("why there is no figure"),
    )
    rows = (
        (
            row.row.title,
            row.row.profile,
            what,
            one.value,
            one.low,
            one.high,
            *_ends(row.shares.get(what)),
            one.source,
            one.missing,
        )
        for row in summary.mirror.rows
        for what, one in row.figures.items()
    )
    return _table(heads, rows)


FILES: dict[str, tuple[Callable[[Summary], bytes], str]] = {
    "assessment.json": (_json, "application/json"),
    "claims.csv": (_claims, "text/csv; charset=utf-8"),
    "matrix.csv": (_matrix, "text/csv; charset=utf-8"),
    "mirror.csv": (_mirror_table, "text/csv; charset=utf-8"),
}
"""The files of an assessment and how each is made."""


def _table(heads: Iterable[Any], rows: Iterable[Iterable[Any]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([safe_cell(str(one)) for one in heads])
    for row in rows:
        writer.writerow([safe_cell("" if one is None else str(one)) for one in row])
    return written.getvalue().encode("utf-8-sig")


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.item.id,
        "title": row.item.title,
        "claims": [one.claim.number for one in row.claims],
        "counts": dict(row.counts),
        "gap": row.gap,
        "absent": [
            {"assessor": _who(one.assessor), "where_looked": one.verdict.where_looked}
            for one in row.absences
        ],
    }


def _assessor(one: Any) -> dict[str, Any]:
    return {
        "organisation": _who(one),
        "sent": one.sent_at.isoformat() if one.sent_at else None,
        "interest": one.interest,
    }


def _claim(one: Judged) -> dict[str, Any]:
    claim = one.claim
    return {
        "id": claim.pk,
        "number": claim.number,
        "text": claim.text,
        "start": claim.start,
        "end": claim.end,
        "heading": claim.heading,
        "lead_in": claim.lead_in,
        "state": claim.state,
        "principles": claim.principles,
        "values": claim.values,
        "verdict": one.now,
        "verdicts": [
            {
                "assessor": _who(each.assessor),
                "given": each.verdict.verdict,
                "now": each.now,
                "dropped": each.is_dropped,
                "looked_up": each.has_looked,
                "note": each.verdict.note,
                "where_looked": each.verdict.where_looked,
                "at": each.verdict.given_at.isoformat(),
            }
            for each in one.verdicts
        ],
        "records": [
            {
                "kind": each.kind,
                "title": each.title,
                "direction": each.direction,
                "stands": each.stands,
                "reason": each.reason,
                "note": each.note,
            }
            for each in one.evidence
        ],
    }


def _mirror(summary: Summary) -> dict[str, Any]:
    mirror = summary.mirror
    return {
        "weights": mirror.weights,
        "weight_sets": list(mirror.weight_sets),
        "totals": [
            {
                "what": one.what,
                "total": _text(one.total),
                "sum": _text(one.sum),
                "rest": _text(one.rest),
                "over": one.is_over,
                "source": one.source,
            }
            for one in mirror.totals
        ],
        "rows": [
            {
                "problem": row.row.title,
                "profile": row.row.profile,
                "figures": {
                    what: {
                        "value": _text(one.value),
                        "low": _text(one.low),
                        "high": _text(one.high),
                        "share": [_text(end) for end in _ends(row.shares.get(what))],
                        "by_set": one.by_set,
                        "source": one.source,
                        "missing": one.missing,
                    }
                    for what, one in row.figures.items()
                },
            }
            for row in mirror.rows
        ],
        "flags": [
            {
                "id": one.id,
                "problem": one.row.title if one.row else "",
                "sentence": one.sentence,
                "sure": one.is_sure,
                "sources": list(one.sources),
            }
            for one in mirror.flags
        ],
    }


def _recommendation(one: Any) -> dict[str, Any]:
    row = one.recommendation
    return {
        "number": row.number,
        "text": row.text,
        "answers": row.answers,
        "about": row.about,
        "principle": row.principle,
        "claims": [each.number for each in row.claims.all()],
        "addressee": row.addressee.name if row.addressee else "",
        "accountable": row.accountable.name if row.accountable else "",
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "state": one.state,
        "reason": row.reason,
        "what_changed": row.what_changed,
        "side_effect": row.side_effect,
    }


def _verdict(name: str) -> str:
    rows = verdict_rows()
    if name in rows:
        return str(rows[name]["title"])
    return _("Assessors differ") if name == "differ" else _("Not judged")


def _who(assessor: Any) -> str:
    membership = assessor.membership
    return membership.organisation.name if membership is not None else _("somebody who left")


def _ends(share: Share | None) -> tuple[Any, Any, Any]:
    return (share.value, share.low, share.high) if share is not None else (None, None, None)


def _text(value: Any) -> str | None:
    return (
        None if value is None else str(value.normalize() if hasattr(value, "normalize") else value)
    )
