"""The public version of a report, made from the internal one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from commonlight.audit.publishing.faces import (
    PublicTable,
    public_chart,
    public_table,
    undeclared,
)
from commonlight.audit.publishing.hidden import Hidden, hidden_counts
from commonlight.audit.publishing.maps import map_obstacle, public_map
from commonlight.audit.publishing.rounding import rounded_findings, rounded_source
from commonlight.audit.publishing.rules import PublicationRules
from commonlight.audit.publishing.stigma import refuse_stigma
from commonlight.audit.publishing.texts import (
    WITHHELD_FINDING,
    WITHHELD_SENTENCE,
    Telling,
    public_note,
    public_numbers,
    telling,
)
from commonlight.findings.model import (
    Certainty,
    Finding,
    MethodNote,
    PublicationNote,
    Report,
    SourceNote,
)

__all__ = [
    "INTERNAL_MARK",
    "PUBLIC_MARK",
    "Publication",
    "internal_report",
    "public_report",
    "publish",
]

PUBLIC_MARK = "Public version"
INTERNAL_MARK = "Internal: not for publication"

_TABLES_ONLY = frozenset({"areas", "population", "residents", "streets", "variables"})
"""Kinds of source that hold no records of events or answers."""


@dataclass(frozen=True, kw_only=True)
class Publication:
    """The public version, and what was withheld from it, for those who may see all."""

    report: Report
    hidden: Hidden
    left_out: Mapping[str, str]


def internal_report(report: Report) -> Report:
    """The report as it is, marked as not for publication."""
    note = PublicationNote(
        mark=INTERNAL_MARK,
        text=(
            "This version shows small counts, rejected rows and the names of files. Give it only "
            "to those who may see them. The public version stands beside it.",
        ),
    )
    return replace(report, audience="internal", publication=note)


def public_report(
    report: Report, *, rules: PublicationRules, nouns: Mapping[str, str] | None = None
) -> Report:
    """Make the public version of a report.

    Parameters
    ----------
    report : Report
        The internal report.
    rules : PublicationRules
        What may be published.
    nouns : mapping from str to str, optional
        What the records of each source are called in sentences, so that "3 thefts" is seen.

    Returns
    -------
    Report
        A report of its own, with `audience` "public": whatever is written from it holds nothing
        that it does not hold.

    Raises
    ------
    PublishingError
        Counts contradict each other, a text stigmatises people or places, or rounding has no
        secret.
    """
    return publish(report, rules=rules, nouns=nouns).report


def publish(
    report: Report, *, rules: PublicationRules, nouns: Mapping[str, str] | None = None
) -> Publication:
    """Make the public version, with an account of what was withheld; see `public_report`."""
    nouns = nouns or {}
    left_out: dict[str, str] = {}
    open_findings = tuple(item for item in report.findings if _may_be_public(item, rules, left_out))
    if rules.method == "round":
        hidden = Hidden(minimum_count=rules.minimum_count, keys={}, protections={})
        findings = rounded_findings(open_findings, rules)
    else:
        hidden = hidden_counts(open_findings, rules)
        findings = [_public_finding(item, hidden, rules, nouns) for item in open_findings]
    shown = {item.id for item in findings}
    silent = {item.id for item in findings if item.sentence == _sentence(rules)}
    public = replace(
        report,
        findings=tuple(findings),
        headline_findings=tuple(
            name for name in report.headline_findings if name in shown and name not in silent
        ),
        sources=tuple(_public_source(note, hidden, rules, nouns) for note in report.sources),
        cautions=tuple(text for text in report.cautions if public_note(text, rules.minimum_count)),
        run={name: value for name, value in report.run.items() if name != "Configuration"},
        audience="public",
        publication=_note(rules, hidden, findings, left_out),
    )
    refuse_stigma(public, rules)
    return Publication(report=public, hidden=hidden, left_out=left_out)


def _may_be_public(finding: Finding, rules: PublicationRules, left_out: dict[str, str]) -> bool:
    if finding.block not in rules.blocks:
        left_out[finding.id] = "its part of the audit is not public by the rules"
    lacking = undeclared(finding)
    if lacking:
        left_out[finding.id] = f"nobody declared what it counts: {', '.join(lacking)}"
    return finding.id not in left_out


def _sentence(rules: PublicationRules) -> str:
    return WITHHELD_SENTENCE.format(minimum=rules.minimum_count)


def _public_finding(
    finding: Finding, hidden: Hidden, rules: PublicationRules, nouns: Mapping[str, str]
) -> Finding:
    noun = next((nouns[name] for name in finding.sources if name in nouns), "")
    said = telling(finding, hidden, noun=noun)
    shown = public_table(finding, hidden)
    sentence, certainty = finding.sentence, finding.certainty
    if said.tells(sentence) or _chosen_rows_are_gone(finding, shown):
        sentence, certainty = _sentence(rules), Certainty.CANNOT_TELL
    too_fine = map_obstacle(finding, rules)
    details = [*said.kept(finding.details), *([too_fine] if too_fine else [])]
    if said.any_hidden:
        details.append(WITHHELD_FINDING.format(minimum=rules.minimum_count))
    chart = public_chart(finding, shown, hidden)
    picture = public_map(finding, hidden, rules)
    if chart is not None and (said.tells(chart.title) or said.tells(chart.description)):
        words_ = finding.table.caption if finding.table is not None else finding.question
        chart = replace(chart, title=words_, description=f"{words_}.")
    if picture is not None and (said.tells(picture.title) or said.tells(picture.description)):
        picture = replace(picture, title=picture.unit, description=f"Map of {picture.unit}.")
    return replace(
        finding,
        sentence=sentence,
        certainty=certainty,
        details=tuple(details),
        limits=said.kept(finding.limits),
        method=_public_method(finding.method, said),
        table=shown.table if shown is not None else None,
        chart=chart,
        map=picture,
        numbers=public_numbers(finding.numbers, said),
        cells=(),
    )


def _chosen_rows_are_gone(finding: Finding, shown: PublicTable | None) -> bool:
    """Whether the sentence speaks of a choice of which a part is withheld."""
    chosen = any(item.selected for item in finding.cells)
    return chosen and shown is not None and shown.table is None


def _public_method(method: MethodNote, said: Telling) -> MethodNote:
    """Settings stay; measured parameters, which have decimals, go with what is withheld."""
    kept = {
        name: value
        for name, value in method.parameters.items()
        if not said.tells(value) and not (said.any_hidden and "." in value)
    }
    return replace(method, parameters=kept)


def _public_source(
    note: SourceNote, hidden: Hidden, rules: PublicationRules, nouns: Mapping[str, str]
) -> SourceNote:
    """Without digests, file names and small numbers of rows."""
    minimum = hidden.minimum_count
    noun = nouns.get(note.id, "")
    notes = tuple(text for text in (public_note(t, minimum, noun=noun) for t in note.notes) if text)
    note = replace(note, digest="", notes=notes)
    if note.kind in _TABLES_ONLY:
        return note
    if rules.method == "round":
        return rounded_source(note)
    family = [
        keys
        for name, keys in hidden.keys.items()
        if name.startswith(f"{note.id}/") and not name.endswith(("/pairs", "/repeats"))
    ]
    small = any(family) or any(0 < n < minimum for n in note.rejected_reasons.values())
    if small or 0 < (note.rows_rejected or 0) < minimum:
        return replace(
            note, rows_read=None, rows_accepted=None, rows_rejected=None, rejected_reasons={}
        )
    return note


def _note(
    rules: PublicationRules, hidden: Hidden, findings: list[Finding], left_out: Mapping[str, str]
) -> PublicationNote:
    """What the public version says of itself, in plain words."""
    minimum = rules.minimum_count
    n = sum(len(keys) for keys in hidden.keys.values())
    if rules.method == "round":
        what = (
            f"Every count is rounded at random to a multiple of {rules.base}, the same everywhere "
            "for the same records. Sums of rounded counts need not agree with rounded totals."
        )
    elif n:
        what = (
            f"Counts of 1 to {minimum - 1} are not shown (\u2018under {minimum}\u2019), and "
            "neither are some larger ones from which they could be worked out "
            "(\u2018withheld\u2019). Zeros are shown."
        )
    else:
        what = (
            f"Counts of 1 to {minimum - 1} would not be shown. In this report no such count was "
            "found, so that nothing was withheld for this reason."
        )
    gone = f"{len(left_out)} findings of the internal version are left out." if left_out else ""
    also = (
        "Rejected rows are told as numbers only. Names of files and the rows themselves are not "
        "given, and places are shown as areas or grid cells, never as addresses."
    )
    ask = rules.contact or (
        "To ask for more, or to say that something here should not be public, write to those who "
        "published this report."
    )
    return PublicationNote(
        mark=PUBLIC_MARK,
        text=tuple(t for t in (what, f"Why: {rules.reason}", gone, also, ask) if t),
    )
