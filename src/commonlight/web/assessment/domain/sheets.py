"""Two sheets of paper as plain words: what the page prints and the PDF holds is the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.assessment.domain.matrix import Judged
from commonlight.web.assessment.domain.mirror import MEASURES, RESOURCES
from commonlight.web.assessment.domain.summary import Summary
from commonlight.web.assessment.models import Assessment
from commonlight.web.assessment.words import balance_words, verdict_rows, verdict_words
from commonlight.web.policy import Actor
from commonlight.web.runs.models import Run
from commonlight.web.ui.dates import date_format
from commonlight.web.ui.punctuation import colon, listed, named

__all__ = ["PDF_JOB", "sheet_content", "sheet_run"]

PDF_JOB = "assessment.pdf"
MOST = {"differences": 5, "contradicted": 6, "flags": 8, "recommendations": 7, "rows": 12}
"""So many of each fit on two sheets; how many more there are is said."""

WORDS = 26
"""A longer claim is cut short on paper; its number leads to the whole."""


def sheet_content(summary: Summary, *, made_on: date) -> dict[str, Any]:
    """All words of the two sheets, as text alone."""
    reading, words = summary.reading, verdict_words()
    assessment, strategy = reading.assessment, reading.assessment.strategy
    authors = ", ".join(one.name for one in strategy.authors.all())
    return {
        "title": strategy.title,
        "lead": _("Assessed against: %(model)s, version %(version)d")
        % {"model": reading.model.title, "version": reading.model.version},
        "facts": [
            [_("Written by"), authors or _("none of the partners")],
            [_("Assessed by"), listed(_assessors(assessment))],
            [_("Text"), _("version %(number)d") % {"number": assessment.text.number}],
            [_("State"), str(assessment.get_state_display())],
            [_("Read"), summary.coverage],
        ],
        "simulated": _simulated(assessment),
        "rules": [str(words["rules"]["no_score"]), str(words["rules"]["differences_first"])],
        "differences": _listed("differences", [_difference(one) for one in reading.differences]),
        "differences_none": str(words["several"]["none"]),
        "gaps": [named(row.item.title, row.sentence) for row in reading.matrix.gaps],
        "matrix": _matrix(summary),
        "contradicted": _listed("contradicted", [_against(one) for one in summary.contradicted]),
        "mirror": _mirror(summary),
        "totals": [named(one.title, one.sentence) for one in summary.mirror.totals if one.sentence],
        "prevention": summary.mirror.prevention,
        "weights": _weights(summary),
        "flags": _listed("flags", [_flag(one) for one in summary.first_flags]),
        "flags_none": str(balance_words()["none"]["sentence"]),
        "recommendations": _listed(
            "recommendations", [_recommendation(one) for one in summary.recommendations]
        ),
        "unknown": list(summary.unknown),
        "sources": listed(_sources(summary)),
        "colon": colon(),
        "foot": _("Made on %(day)s") % {"day": date_format(made_on, "DATE_FORMAT")},
        "heads": {
            "differences": str(words["several"]["title"]),
            "gaps": _("Gaps"),
            "matrix": str(words["matrix"]["title"]),
            "contradicted": _("Contradicted by a record"),
            "mirror": str(balance_words()["text"]["title"]),
            "flags": _("Where to ask for a reason"),
            "recommendations": _("Recommendations"),
            "unknown": _("What cannot be said"),
            "sources": _("Sources"),
        },
    }


def sheet_run(actor: Actor, assessment: Assessment) -> Run | None:
    """The newest request of the actor for these sheets as a PDF."""
    if actor.user_id is None:
        return None
    rows = Run.objects.of(actor.workspace).filter(
        kind=PDF_JOB,
        requested_by_id=actor.user_id,
        parameters__strategy=assessment.strategy.number,
        parameters__edition=assessment.number,
    )
    found: Run | None = rows.select_related("workspace").order_by("-created_at", "-pk").first()
    return found


def _simulated(assessment: Assessment) -> str:
    if not assessment.workspace.is_simulated:
        return ""
    return _("Simulated city: these data are invented.")


def _listed(name: str, rows: list[Any]) -> dict[str, Any]:
    """As many as fit, and how many more there are."""
    more = max(len(rows) - MOST[name], 0)
    text = ngettext("%(count)d more in the workbench.", "%(count)d more in the workbench.", more)
    return {"rows": rows[: MOST[name]], "more": text % {"count": more} if more else ""}


def _assessors(assessment: Assessment) -> Iterable[str]:
    for one in assessment.assessors.all():
        who = one.membership.organisation.name if one.membership else _("somebody who left")
        yield f"{who} ({one.bond})" if one.bond else who


def _short(one: Judged) -> str:
    return f"{one.claim.number}. {Truncator(one.claim.text).words(WORDS)}"


def _difference(one: Judged) -> dict[str, Any]:
    rows = verdict_rows()
    said = []
    for each in one.verdicts:
        member = each.assessor.membership
        who = member.organisation.name if member else _("somebody who left")
        verdict = f"{rows[each.now]['title']}. {each.verdict.note}"
        said.append(named(who, verdict).strip())
    return {"text": _short(one), "said": said}


def _against(one: Judged) -> dict[str, Any]:
    records = [each for each in one.evidence if each.direction == "against" and each.stands]
    said = [
        named(each.label, f"{each.title or _('closed to you')}. {each.note}") for each in records
    ]
    return {"text": _short(one), "said": [Truncator(each).words(WORDS) for each in said[:2]]}


def _matrix(summary: Summary) -> dict[str, Any]:
    matrix = summary.reading.matrix
    names = [*verdict_rows(), "differ", "open"]
    heads = [str(title) for _name, title in matrix.columns]
    rows = [
        [row.item.title, *(str(row.counts[name]) for name in names), str(row.sentence)]
        for row in (*matrix.principles, *matrix.values)
    ]
    return {
        "heads": [
            _("Principle or value"),
            *heads,
            _("Assessors differ"),
            _("Not judged"),
            _("Gap"),
        ],
        "rows": rows,
        "first_value": len(matrix.principles),
    }


def _mirror(summary: Summary) -> dict[str, Any]:
    words = balance_words()
    titles = {one["id"]: str(one["title"]) for one in (*words["resource"], *words["measure"])}
    shown = summary.mirror.rows[: MOST["rows"]]
    kinds = (*RESOURCES, *MEASURES[:2])
    return {
        "heads": [_("Problem"), *(titles[what] for what in kinds)],
        "rows": [[one.row.title, *(_cell(one, what) for what in kinds)] for one in shown],
    }


def _cell(row: Any, what: str) -> str:
    share, words = row.shares.get(what), balance_words()["text"]
    if share is not None and share.value is not None:
        return str(share.words)
    return str(words[{"harm": "not_measured", "priorities": "not_asked"}.get(what, "unknown")])


def _weights(summary: Summary) -> str:
    mirror = summary.mirror
    if not mirror.weights:
        return ""
    shown = {"set": mirror.weights, "count": number_format(len(mirror.weight_sets))}
    return (
        _("Harm is shown under the weights “%(set)s”, with the range over all %(count)s sets.")
        % shown
    )


def _flag(one: Any) -> dict[str, Any]:
    return {"text": one.sentence, "said": [str(one.certainty)] if str(one.certainty) else []}


def _recommendation(one: Any) -> dict[str, Any]:
    row, said = one.recommendation, [str(one.label)]
    who = row.accountable or row.addressee
    if who is not None:
        said.append(who.name)
    if row.due_on:
        said.append(_("by %(day)s") % {"day": date_format(row.due_on, "DATE_FORMAT")})
    if one.state == "declined" and row.reason:
        said.append(row.reason)
    return {
        "text": f"{row.number}. {Truncator(row.text).words(WORDS + 10)}",
        "said": [" – ".join(said)],
    }


def _sources(summary: Summary) -> list[str]:
    """Each source of the mirror once."""
    named = [
        one.source.strip()
        for row in summary.mirror.rows
        for one in row.figures.values()
        if one.source.strip()
    ]
    named += [one.source.strip() for one in summary.mirror.totals if one.source.strip()]
    return [Truncator(one).words(30) for one in dict.fromkeys(named)]
