"""What was read, what could be used, and what the records cannot show?"""

from __future__ import annotations

import numpy as np

from commonlight.audit.counted import total_cells
from commonlight.audit.layers import Layer
from commonlight.audit.methods import method
from commonlight.findings import words
from commonlight.findings.model import Block, Certainty, Column, CountCells, Finding, Table

__all__ = ["coverage_findings"]


def coverage_findings(layer: Layer) -> list[Finding]:
    """How much of the source entered the audit, and at what precision."""
    note = layer.source
    return [
        Finding(
            id=f"{layer.name}.coverage",
            block=Block.CONTEXT,
            question=f"How good are the records of {layer.noun}?",
            sentence=_sentence(layer),
            certainty=Certainty.DESCRIPTIVE,
            method=method("import"),
            sources=(layer.name,),
            details=tuple(_details(layer)),
            limits=tuple(_limits(layer)),
            table=_table(layer),
            numbers={
                "read": note.rows_read,
                "accepted": note.rows_accepted,
                "rejected": note.rows_rejected,
                "used": layer.n,
            },
            one_sided=False,
            cells=tuple(_cells(layer)),
        )
    ]


def _cells(layer: Layer) -> list[CountCells]:
    """All incidents, the rows of the file, and what the texts say of some of them."""
    note = layer.source
    read, rejected = note.rows_read or 0, note.rows_rejected or 0
    rows = f"{layer.name}/rows"
    beyond = {"outside the period": layer.outside_period}
    unplaced = {"no place": layer.without_place}
    (beyond if layer.only_inside else unplaced)["elsewhere"] = layer.outside_areas
    beyond |= {"outside the view": layer.outside_view} if layer.in_view else {}
    cells = [
        total_cells(layer),
        CountCells(
            source=layer.name,
            dimensions=("placed",),
            keys=tuple((value,) for value in unplaced),
            counts=tuple(unplaced.values()),
            shown_in="text",
        ),
        CountCells(
            source=rows,
            dimensions=("fate",),
            keys=(("",), ("accepted",), ("rejected",)),
            counts=(read, note.rows_accepted or 0, rejected),
            shown_in="text",
        ),
        *(
            CountCells(
                source=f"{layer.name}/{what}",
                dimensions=(),
                keys=((),),
                counts=(count,),
                shown_in="text",
            )
            for what, count in beyond.items()
        ),
    ]
    if note.rejected_reasons:
        reasons = _by_reason(layer)
        cells.append(
            CountCells(
                source=rows,
                dimensions=("fate", "reason"),
                keys=tuple(("rejected", reason) for reason, _ in reasons),
                counts=tuple(count for _, count in reasons),
                column="records",
            )
        )
    return cells


def _by_reason(layer: Layer) -> list[tuple[str, int]]:
    return sorted(layer.source.rejected_reasons.items(), key=lambda item: -item[1])


def _sentence(layer: Layer) -> str:
    note = layer.source
    if not layer.n and layer.outside_view:
        return (
            f"No record of {layer.noun} lies in the audit's period. The source holds others, which "
            "this view leaves out."
        )
    if not layer.n:
        return (
            f"No record of {layer.noun} lies in the audit's period: "
            f"{words.number(note.rows_read)} were read, {words.number(note.rows_accepted)} of them "
            "could be used."
        )
    if not note.rows_rejected:
        return f"All {words.number(note.rows_read)} records could be read{_counted(layer)}."
    share = (note.rows_accepted or 0) / max(note.rows_read or 0, 1)
    return (
        f"Of {words.number(note.rows_read)} records, "
        f"{words.number(note.rows_accepted)} ({words.percent(share)}) could be used"
        f"{_counted(layer)}; "
        f"{words.number(note.rows_rejected)} were rejected, each with its reason."
    )


def _counted(layer: Layer) -> str:
    """What the records count, where one stands for several."""
    if layer.n == layer.count.size:
        return ""
    return f"; in the audit's period they count {words.number(layer.n)} {layer.noun}"


def _details(layer: Layer) -> list[str]:
    details = []
    if layer.outside_view:
        details.append(
            f"This view holds {words.number(layer.n)} {layer.noun}; it leaves "
            f"{words.number(layer.outside_view)} other records of the source out."
        )
    if layer.outside_period:
        details.append(
            f"{words.number(layer.outside_period)} {layer.noun} fall outside the audit's period."
        )
    if layer.without_place:
        share = layer.without_place / max(layer.n, 1)
        details.append(
            f"{words.number(layer.without_place)} {layer.noun} ({words.percent(share)}) carry no "
            "place; they count in totals and are on no map."
        )
    if layer.outside_areas and layer.areas is not None:
        details.append(
            f"{words.number(layer.outside_areas)} {layer.noun} carry a place in none of the "
            f"{layer.areas.noun}; "
            + (
                "they are left out."
                if layer.only_inside
                else "they count in totals and are on no map."
            )
        )
    delay = _delay(layer)
    if delay:
        details.append(delay)
    if layer.precision is not None:
        details.append(layer.precision.reason)
    return details


def _delay(layer: Layer) -> str | None:
    """How late things are recorded, where the day of recording is known."""
    if layer.recorded is None:
        return None
    days = (layer.recorded - layer.start.astype("datetime64[D]")).astype(float)
    days = days[np.isfinite(days) & (days >= 0)]
    if days.size < 100:
        return None
    half, most = (words.counted(round(value), "day") for value in np.quantile(days, [0.5, 0.95]))
    return (
        f"Half are recorded within {half} of their start and 19 in 20 within {most}; the newest "
        "days are therefore incomplete."
    )


def _limits(layer: Layer) -> list[str]:
    limits = []
    if layer.source.witness == "police":
        limits.append(
            "These are the records of the police: they show what was reported and recorded, "
            "not all that happened."
        )
    if layer.resolution in ("month", "year"):
        limits.append(
            f"Times are known to the {layer.resolution} only: nothing can be said about days "
            "or hours."
        )
    return limits


def _table(layer: Layer) -> Table | None:
    rows = _by_reason(layer)
    if not rows:
        return None
    return Table(
        columns=(
            Column(name="reason", label="Reason"),
            Column(name="records", label="Records", numeric=True),
        ),
        rows=tuple(rows),
        caption="Rejected records by reason",
    )
