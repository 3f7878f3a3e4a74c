"""Two sheets of paper as plain words: what the page prints and the PDF holds is the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonlight.web.assessment.domain.evidence import Evidence
from commonlight.web.assessment.domain.gaps import gap_rule
from commonlight.web.assessment.domain.judging import Standing
from commonlight.web.assessment.domain.matrix import Judged, Reading
from commonlight.web.assessment.domain.mirror import MEASURES, RESOURCES, missing_word
from commonlight.web.assessment.domain.paper_room import HEAD, WIDE_SMALL, Room, cut, lines
from commonlight.web.assessment.domain.recommending import Shown
from commonlight.web.assessment.domain.summary import Summary
from commonlight.web.assessment.enums import AssessmentState
from commonlight.web.assessment.models import Assessment
from commonlight.web.assessment.words import balance_words, verdict_rows, verdict_words
from commonlight.web.policy import Actor
from commonlight.web.runs.models import Run
from commonlight.web.ui.dates import date_format
from commonlight.web.ui.punctuation import colon, listed, named

__all__ = ["PDF_JOB", "sheet_content", "sheet_run"]

PDF_JOB = "assessment.pdf"
MOST = {
    "differences": 6,
    "contradicted": 10,
    "absent": 10,
    "shown": 30,
    "claimed": 30,
    "flags": 8,
    "recommendations": 8,
    "unknown": 7,
    "rows": 12,
}
"""At most so many of each; fewer where they do not fit. How many more there are is said."""

WORDS = 30
"""A longer text is cut short on paper; the number of the claim leads to the whole."""

FREE = (82.0, 82.0)
"""Lines of the first sheet and of the second one."""

NAMED = re.compile(
    r"\b(?:sentences?|claims?|satz(?:es)?|sätzen?|aussagen?|phrases?|affirmations?)\s+(\d{1,4})\b",
    re.IGNORECASE,
)
"""A sentence that a recommendation calls by its number."""


def sheet_content(summary: Summary, *, made_on: date) -> dict[str, Any]:
    """All words of the two sheets, as text alone."""
    reading = summary.reading
    content = {
        **_top(summary, made_on),
        "matrix": _matrix(summary),
        "words": _words(summary),
        "mirror": _mirror(summary),
        "mirror_none": "" if summary.mirror.rows else _mirror_none(),
        "totals": [named(one.title, one.sentence) for one in summary.mirror.totals if one.sentence],
        "prevention": summary.mirror.prevention,
        "weights": _weights(summary),
        "flags_none": str(balance_words()["none"]["sentence"]) if summary.mirror.rows else "",
        "sources": cut(listed(_sources(summary)), 110),
        "drafts": _drafts(summary),
        "colon": colon(),
    }
    first, second = Room(FREE[0]), Room(FREE[1])
    first.take(_first_height(content))
    found: dict[str, list[Judged]] = {
        name: [] for name in ("shown", "contradicted", "absent", "claimed")
    }
    for one in reading.tagged:
        found.get(one.now, []).append(one)
    content["differences"] = first.list(
        map(_difference, reading.differences), MOST["differences"], share=0.6
    )
    content["contradicted"] = first.list(map(_against, found["contradicted"]), MOST["contradicted"])
    content["absent"] = first.list(
        [*map(_absent, found["absent"]), *_silent(summary)], MOST["absent"]
    )
    content["unknown"] = [cut(one, 50) for one in summary.unknown[: MOST["unknown"]]]
    second.take(_second_height(content))
    content["flags"] = second.list(map(_flag, summary.first_flags), MOST["flags"], share=0.5)
    content["recommendations"] = second.list(
        [_recommendation(one, reading) for one in _sent(summary)], MOST["recommendations"]
    )
    shown = [_shown(one) for one in found["shown"]]
    content["shown"] = first.list(shown, MOST["shown"])
    rest = second.list(shown[len(content["shown"]["rows"]) :], MOST["shown"])
    if rest["rows"]:
        content["shown"]["more"] = ""
    content["shown_rest"] = rest if rest["rows"] else {"rows": [], "more": ""}
    claimed = second.list(
        [{"text": _short(one), "said": []} for one in found["claimed"]], MOST["claimed"]
    )
    content["claimed"] = claimed if claimed["rows"] else {"rows": [], "more": ""}
    return content


def _top(summary: Summary, made_on: date) -> dict[str, Any]:
    """What stands above and below, with the headings."""
    reading, words = summary.reading, verdict_words()
    assessment, strategy = reading.assessment, reading.assessment.strategy
    authors = ", ".join(one.name for one in strategy.authors.all())
    several = len(assessment.assessors.all()) > 1
    return {
        "title": _("Assessment of “%(title)s”") % {"title": strategy.title},
        "lead": _("Assessed against: %(model)s, version %(version)d")
        % {"model": reading.model.title, "version": reading.model.version},
        "facts": [
            [_("Written by"), cut(authors or _("none of the partners"), WORDS)],
            [_("Assessed by"), cut(listed(_assessors(assessment)), WORDS * 2)],
            [_("Text"), _("version %(number)d") % {"number": assessment.text.number}],
            [_("State"), _state(assessment, several=several)],
            [_("Read"), summary.coverage],
            *([[_("Looked up"), reading.looking]] if reading.looking else []),
            [_("Found"), summary.found],
        ],
        "simulated": _simulated(assessment),
        "notice": ""
        if assessment.is_open_to_all
        else _("The assessors are still reading. What you see here is not the result.")
        if several
        else _("The assessor is still reading. What you see here is not the result."),
        "rules": [
            str(words["rules"][name])
            for name in ("no_score", "differences_first")
            if several or name == "no_score"
        ],
        "differences_none": str(words["several"]["none"])
        if several and assessment.is_open_to_all
        else "",
        "foot": _("Made on %(day)s") % {"day": date_format(made_on, "DATE_FORMAT")},
        "heads": {
            "differences": str(words["several"]["title"]),
            "matrix": str(words["matrix"]["title"]),
            "shown": _("Shown by a record"),
            "shown_rest": _("Shown by a record, continued"),
            "contradicted": _("Contradicted"),
            "absent": _("Looked for, and nothing found"),
            "claimed": _("Only claimed: no record shows it yet"),
            "mirror": str(balance_words()["text"]["title"]),
            "flags": _("Where to ask for a reason"),
            "recommendations": _("Recommendations"),
            "unknown": _("What cannot be said"),
            "sources": _("Sources"),
        },
    }


def _words(summary: Summary) -> list[str]:
    """What the verdicts, a gap, and each principle and value mean, each in a line."""
    model = summary.reading.model
    return [
        *(named(one["title"], one["word"]) for one in verdict_rows().values()),
        gap_rule(),
        *(
            named(one.title, cut(one.meaning, 26))
            for one in (*model.principles, *model.values)
            if one.meaning
        ),
    ]


def _mirror_none() -> str:
    return _(
        "The balance mirror is not filled in. So nothing can be said here of where money, "
        "staff time, meetings and data go."
    )


def _sent(summary: Summary) -> list[Any]:
    """Recommendations that were sent; drafts and what was dropped are no part of the result."""
    return [one for one in summary.recommendations if one.state not in ("draft", "dropped")]


def _drafts(summary: Summary) -> str:
    """How many drafts are left out, for the person who prints."""
    count = sum(one.state == "draft" for one in summary.recommendations)
    text = ngettext(
        "%(count)d recommendation is still a draft and is not printed. Send it first.",
        "%(count)d recommendations are still drafts and are not printed. Send them first.",
        count,
    )
    return text % {"count": count} if count else ""


def _first_height(content: Mapping[str, Any]) -> float:
    """Lines that the first sheet always takes."""
    matrix = sum(
        max(lines(row[0], 28), lines(row[-1], 46)) * 0.76 + 0.42
        for row in content["matrix"]["rows"]
    )
    facts = sum(lines(f"{label} {text}") for label, text in content["facts"])
    rules = " ".join(content["rules"])
    notes = 0.84 * sum(lines(one, WIDE_SMALL) for one in (*content["words"], rules))
    boxes = 2 * bool(content["simulated"]) + 2 * bool(content["notice"])
    return 3 + facts + boxes + HEAD + 2.5 + matrix + notes + 3 * bool(content["differences_none"])


def _second_height(content: Mapping[str, Any]) -> float:
    """Lines that the second sheet always takes."""
    mirror = sum(
        max(lines(row[0], 24), *(lines(cell, 24) for cell in row[1:])) * 0.76 + 0.42
        for row in content["mirror"]["rows"]
    )
    notes = [*content["totals"], content["weights"], content["prevention"], content["mirror_none"]]
    unknown = sum(map(lines, content["unknown"]))
    sources = lines(content["sources"]) + HEAD if content["sources"] else 0
    return HEAD + 2.5 + mirror + sum(lines(one) for one in notes if one) + HEAD + unknown + sources


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


def _state(assessment: Assessment, *, several: bool) -> str:
    """The state in words; who assesses alone compares with nobody."""
    if assessment.state == AssessmentState.COMPARED and not several:
        return _("Verdicts are sent in")
    return str(assessment.get_state_display())


def _simulated(assessment: Assessment) -> str:
    if not assessment.workspace.is_simulated:
        return ""
    return _("Simulated city: these data are invented.")


def _assessors(assessment: Assessment) -> Iterable[str]:
    for one in assessment.assessors.all():
        who = one.membership.organisation.name if one.membership else _("somebody who left")
        yield f"{who} ({one.bond})" if one.bond else who


def _short(one: Judged) -> str:
    return f"{one.claim.number}. {cut(one.claim.text, WORDS)}"


def _stopped(text: object) -> str:
    """A title with one full stop at its end, for a sentence that follows."""
    said = str(text).strip()
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."


def _who(each: Standing) -> str:
    member = each.assessor.membership
    return member.organisation.name if member else _("somebody who left")


def _said(each: Standing) -> str:
    """Where an assessor looked and what she noted."""
    where = each.verdict.where_looked.strip()
    looked = _("Nothing found (%(where)s)") % {"where": where.rstrip(".")} if where else ""
    return " ".join(one for one in (each.verdict.note.strip(), looked) if one)


def _notes(one: Judged) -> list[str]:
    """What the assessors noted, each with the name of the organisation."""
    said = [named(_who(each), _said(each)) for each in one.verdicts if _said(each)]
    return [cut(each, WORDS) for each in said[:2]]


def _difference(one: Judged) -> dict[str, Any]:
    rows = verdict_rows()
    said = [
        named(_who(each), f"{rows[each.now]['title']}. {each.verdict.note}").strip()
        for each in one.verdicts
    ]
    return {"text": _short(one), "said": [cut(each, WORDS) for each in said[:4]]}


def _record(each: Evidence) -> str:
    """A record with its kind; a sentence of the word list begins with a capital here."""
    return named(capfirst(str(each.label)), each.title or _("closed to you"))


def _records(one: Judged, direction: str) -> list[Evidence]:
    return [each for each in one.evidence if each.direction == direction and each.stands]


def _shown(one: Judged) -> dict[str, Any]:
    records = listed(cut(_record(each), 16) for each in _records(one, "for")[:3])
    notes = [each.note for each in _records(one, "for")[:2] if each.note]
    said = [_stopped(records) if notes else records, *notes] if records else []
    return {"text": _short(one), "said": [cut(" ".join(said), 2 * WORDS)] if said else []}


def _against(one: Judged) -> dict[str, Any]:
    notes = _notes(one)
    records = [each for each in _records(one, "against") if not (each.is_itself and notes)]
    said = [f"{_stopped(_record(each))} {each.note}" for each in records]
    return {"text": _short(one), "said": [*(cut(each, WORDS) for each in said[:2]), *notes]}


def _absent(one: Judged) -> dict[str, Any]:
    return {"text": _short(one), "said": _notes(one)}


def _silent(summary: Summary) -> Iterable[dict[str, Any]]:
    """Principles of which an assessor found nothing, with where she looked."""
    for row in summary.reading.matrix.principles:
        said = [cut(named(_who(each), _said(each)), WORDS) for each in row.absences]
        if said:
            yield {"text": row.item.title, "said": said[:2]}


def _matrix(summary: Summary) -> dict[str, Any]:
    matrix = summary.reading.matrix
    names = [*verdict_rows(), "differ", "open"]
    heads = [str(title) for _name, title in matrix.columns]
    rows = [
        [row.item.title, *(str(row.counts[name]) for name in names), row.told or _against_it(row)]
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
    }


def _against_it(row: Any) -> str:
    """That a principle without a gap has claims that are contradicted."""
    count = row.counts["contradicted"]
    if not count:
        return ""
    text = ngettext(
        "No gap, but %(count)d claim is contradicted.",
        "No gap, but %(count)d claims are contradicted.",
        count,
    )
    return text % {"count": count}


def _mirror(summary: Summary) -> dict[str, Any]:
    words = balance_words()
    titles = {one["id"]: str(one["title"]) for one in (*words["resource"], *words["measure"])}
    shown = summary.mirror.rows[: MOST["rows"]]
    kinds = (*RESOURCES, *MEASURES[:2])
    return {
        "heads": [_("Problem"), *(titles[what] for what in kinds)],
        "rows": [[cut(one.row.title, 8), *(_cell(one, what) for what in kinds)] for one in shown],
    }


def _cell(row: Any, what: str) -> str:
    share, words = row.shares.get(what), balance_words()["text"]
    if share is not None and share.value is not None:
        return str(share.words)
    return str(words[missing_word(what, row.figures.get(what))])


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
    certainty = str(one.certainty)
    return {"text": cut(one.sentence, 45), "said": [cut(certainty, WORDS)] if certainty else []}


def _recommendation(one: Shown, reading: Reading) -> dict[str, Any]:
    row, state = one.recommendation, [str(one.label)]
    who = row.accountable or row.addressee
    if who is not None:
        state.append(who.name)
    if row.due_on:
        state.append(_("by %(day)s") % {"day": date_format(row.due_on, "DATE_FORMAT")})
    if one.state == "declined" and row.reason:
        state.append(cut(row.reason, WORDS))
    said = [named(_("It answers"), cut(one.answered, WORDS)), *_sentences(one, reading)]
    return {
        "text": f"{row.number}. {cut(row.text, WORDS + 10)}",
        "said": [*said, " – ".join(state)],
    }


def _sentences(one: Shown, reading: Reading) -> list[str]:
    """The sentences that a recommendation answers or calls by their numbers."""
    numbers = {claim.number for claim in one.recommendation.claims.all()}
    numbers |= {int(found) for found in NAMED.findall(one.recommendation.text)}
    said = [
        _("Sentence %(number)d: “%(text)s”")
        % {"number": each.claim.number, "text": cut(each.claim.text, WORDS)}
        for each in reading.claims
        if each.claim.number in numbers
    ]
    return said[:3]


def _sources(summary: Summary) -> list[str]:
    """Each source of the mirror once."""
    found = [
        one.source.strip()
        for row in summary.mirror.rows
        for one in row.figures.values()
        if one.source.strip()
    ]
    found += [one.source.strip() for one in summary.mirror.totals if one.source.strip()]
    return [cut(one, 30) for one in dict.fromkeys(found)]
