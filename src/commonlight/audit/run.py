"""One audit from configuration to written report."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import commonlight
from commonlight.audit.config import AuditConfig, DivergenceConfig
from commonlight.audit.gaps import (
    RECORDING_WITNESSES,
    absent_voices,
    missing_sources,
    one_sided,
)
from commonlight.audit.headline import headline_ids
from commonlight.audit.intake import Intake, take_in
from commonlight.audit.layers import Layer
from commonlight.audit.publishing.account import write_account
from commonlight.audit.publishing.public import internal_report, publish
from commonlight.audit.publishing.rules import PublishingError
from commonlight.audit.questions.board import board_finding
from commonlight.audit.questions.citizen_reports import citizen_report_findings
from commonlight.audit.questions.clusters import cluster_findings
from commonlight.audit.questions.concentration import concentration_findings
from commonlight.audit.questions.context import context_findings
from commonlight.audit.questions.coverage import coverage_findings
from commonlight.audit.questions.divergence import divergence_findings
from commonlight.audit.questions.harm import harm_findings
from commonlight.audit.questions.hours import hour_findings
from commonlight.audit.questions.observed import observed_causes, observed_findings
from commonlight.audit.questions.offences import offence_findings
from commonlight.audit.questions.place_kinds import place_kind_findings
from commonlight.audit.questions.places import place_findings
from commonlight.audit.questions.profiles import profile_findings
from commonlight.audit.questions.rates import rate_findings
from commonlight.audit.questions.repeats import repeat_findings
from commonlight.audit.questions.similar import similar_findings
from commonlight.audit.questions.streets import street_findings
from commonlight.audit.questions.survey.areas import area_findings
from commonlight.audit.questions.survey.estimates import construct_findings
from commonlight.audit.questions.survey.groups import group_findings
from commonlight.audit.questions.survey.respondents import respondent_findings
from commonlight.audit.questions.survey.said import with_those_who_said_yes
from commonlight.audit.questions.survey.waves import newest_waves, wave_findings
from commonlight.audit.questions.trend import trend_findings
from commonlight.audit.questions.weeks import week_findings
from commonlight.audit.selection import cautions_of, short_words
from commonlight.findings.model import Finding, Report

__all__ = ["VERSIONS", "AuditRun", "audit_report", "run_audit", "write_report"]

VERSIONS = ("internal", "public")

Progress = Callable[[str, float, float | None], None]


@dataclass(frozen=True, kw_only=True)
class AuditRun:
    """A finished audit: the report, what was written and how long each step took.

    `report` is the internal version, `public` the one for publication; None where it was not
    asked for.
    """

    report: Report
    public: Report | None
    written: tuple[Path, ...]
    seconds: Mapping[str, float]

    def headline(self) -> tuple[Finding, ...]:
        """The findings that a person with little time reads."""
        return tuple(self.report.finding(name) for name in self.report.headline_findings)

    def summary(self) -> dict[str, Any]:
        """What a machine wants to know of the run."""
        return {
            "city": self.report.city,
            "simulated": self.report.simulated,
            "one_sided": self.report.one_sided,
            "sources": [
                {
                    "name": note.id,
                    "read": note.rows_read,
                    "accepted": note.rows_accepted,
                    "rejected": note.rows_rejected,
                    "reasons": dict(note.rejected_reasons),
                }
                for note in self.report.sources
            ],
            "headline": [finding.sentence for finding in self.headline()],
            "findings": len(self.report.findings),
            "missing": [item.name for item in self.report.missing],
            "written": [str(path) for path in self.written],
            "seconds": {step: round(value, 2) for step, value in self.seconds.items()},
        }


def run_audit(
    config: AuditConfig,
    *,
    folder: Path,
    lake: Path,
    only: str | None = None,
    progress: Progress | None = None,
) -> AuditRun:
    """Import the sources, ask the questions and write the report.

    Parameters
    ----------
    config : AuditConfig
        What to read and for which period; see `load_config`.
    folder : Path
        Where the versions are written, each as report.html, report.pdf and data/ in a folder of
        its own: internal/ and public/. Made if it is not there.
    lake : Path
        Where the imported versions are kept.
    only : {"internal", "public"}, optional
        Write one version alone.
    progress : callable, optional
        Called with the step, how much is done and how much there is.

    Returns
    -------
    AuditRun

    Raises
    ------
    PublishingError
        The public version may not be written as it is. The internal one is there all the same.
    """
    if only not in (None, *VERSIONS):
        raise ValueError(f"only may be {' or '.join(VERSIONS)}; got {only!r}")
    if only == "public":
        _refuse_view(config)
    show = progress or (lambda step, done, total: None)
    clock = _Clock()
    intake = take_in(config, lake=lake, progress=show)
    clock.lap("reading sources")
    report = audit_report(config, intake, progress=show)
    clock.lap("asking questions")
    internal = internal_report(report)
    written: list[Path] = []
    if only != "public":
        written += _write(internal, config, folder / "internal", show, clock)
    public = None
    if only != "internal":
        _refuse_view(config)
        publication = publish(
            report, rules=config.publish, nouns={s.name: s.noun for s in config.sources}
        )
        public = publication.report
        clock.lap("protecting small counts")
        if only != "public":
            written.append(write_account(publication, folder / "internal"))
        written += _write(public, config, folder / "public", show, clock)
    return AuditRun(report=internal, public=public, written=tuple(written), seconds=clock.laps)


def _refuse_view(config: AuditConfig) -> None:
    """Stop before a view is published that another publication could be set against."""
    if not config.select.publishable:
        raise PublishingError(
            f"this audit shows {short_words(config.select)}, and such a view stays inside: set "
            "against the report of all records, it would give away the counts that are withheld. "
            'Leave out [select], write the internal version alone (only = "internal"), or set '
            "main_view = true where no other view of these records is ever published"
        )


def audit_report(
    config: AuditConfig, intake: Intake, *, progress: Progress | None = None
) -> Report:
    """The findings about what was taken in, as a report."""
    show = progress or (lambda step, done, total: None)
    findings = [f for areas in intake.areas for f in context_findings(config.city, areas)]
    missing = missing_sources(intake)
    board = board_finding(intake.sources, intake.surveys, missing, one_sided=one_sided(intake))
    findings += [board] if board is not None else []
    for number, layer in enumerate(intake.layers):
        show("Asking questions", number, len(intake.layers))
        findings += _ask(layer, config, intake)
    show("Asking questions", len(intake.layers), len(intake.layers))
    findings += _ask_residents(config, intake)
    findings = with_those_who_said_yes(findings, intake.surveys)
    return Report(
        title=_title(config),
        city=config.city,
        period=config.period,
        made_on=config.made_on,
        version=commonlight.__version__,
        simulated=config.simulated,
        one_sided=one_sided(intake),
        headline_findings=headline_ids(findings),
        findings=tuple(findings),
        sources=intake.sources,
        missing=missing,
        absent_voices=absent_voices(missing),
        cautions=(*cautions_of(config.select, intake.areas), *_cautions(intake)),
        run={
            "Commonlight": commonlight.__version__,
            "Coordinates": intake.crs or "none",
            "Seed": str(config.seed),
            "Configuration": config.origin.name if config.origin else "",
            **({"View": short_words(config.select)} if config.select else {}),
        },
    )


def _title(config: AuditConfig) -> str:
    title = config.title or f"Local safety audit of {config.city}"
    return f"{title}: {short_words(config.select)}" if config.select else title


def _ask_residents(config: AuditConfig, intake: Intake) -> list[Finding]:
    """What was seen, what residents say, and where they and the records part ways."""
    causes = {areas.name: observed_causes(intake.visits, areas) for areas in intake.areas}
    found = [f for visits in intake.visits for f in observed_findings(visits)]
    surveys = newest_waves(intake.surveys)
    for survey in surveys:
        found += respondent_findings(survey)
        found += construct_findings(survey)
        found += group_findings(survey)
        beside = causes.get(survey.areas.name, ()) if survey.areas is not None else ()
        found += area_findings(survey, causes=beside)
    found += wave_findings(intake.surveys)
    return found + divergence_findings(
        intake.layers, surveys, _pairs_in_view(config, intake), causes=causes
    )


def _pairs_in_view(config: AuditConfig, intake: Intake) -> tuple[DivergenceConfig, ...]:
    """The pairs of witnesses to compare, without records of which a view holds none."""
    empty = {layer.name for layer in intake.layers if layer.in_view and not layer.n}
    return tuple(pair for pair in config.divergence if pair.recorded not in empty)


def _ask(layer: Layer, config: AuditConfig, intake: Intake) -> list[Finding]:
    """All findings about one layer; random draws depend on the seed and the layer's name only."""
    if not layer.n:
        return coverage_findings(layer)
    rng = np.random.default_rng([config.seed, *layer.name.encode()])
    police = layer.source.witness in RECORDING_WITNESSES
    found = [
        *_questions(layer, config, rng),
        *citizen_report_findings(layer, intake.surveys),
        *street_findings(layer, intake.streets),
        *similar_findings(layer, intake.variables.get(layer.areas.name) if layer.areas else None),
    ]
    return [replace(item, one_sided=item.one_sided and police) for item in found]


def _questions(layer: Layer, config: AuditConfig, rng: np.random.Generator) -> list[Finding]:
    if layer.record_kind == "reports":
        return _questions_of_reports(layer, config, rng)
    return [
        *coverage_findings(layer),
        *trend_findings(layer, rng=rng),
        *week_findings(layer),
        *hour_findings(layer),
        *rate_findings(layer),
        *cluster_findings(layer, rng=rng),
        *place_findings(layer, cell_size=config.cell_size),
        *concentration_findings(layer, rng=rng),
        *profile_findings(layer),
        *offence_findings(layer),
        *harm_findings(layer),
        *repeat_findings(layer, rng=rng),
        *place_kind_findings(layer),
    ]


def _questions_of_reports(
    layer: Layer, config: AuditConfig, rng: np.random.Generator
) -> list[Finding]:
    """What reports can answer; the hour or season of a report is that of the one who sent it."""
    trends = trend_findings(layer, rng=rng)
    return [
        *coverage_findings(layer),
        *(item for item in trends if not item.id.endswith(".season")),
        *rate_findings(layer),
        *place_findings(layer, cell_size=config.cell_size),
        *offence_findings(layer),
    ]


def _cautions(intake: Intake) -> tuple[str, ...]:
    cautions = []
    if one_sided(intake):
        cautions.append(
            "This audit rests on police records alone. They show what was reported and recorded. "
            "What people fear, live through and do not report is not in it."
        )
    cautions += [
        f"The points of {layer.noun} do not bear it, so nothing is said about single streets."
        for layer in intake.layers
        if layer.has_points and not layer.street_level
    ]
    if any(layer.record_kind == "reports" for layer in intake.layers):
        cautions.append(
            "Citizen reports depend on who knows the service and is used to asking: "
            "more reports can mean more trust, not more trouble."
        )
    return tuple(dict.fromkeys(cautions))


def _write(
    report: Report, config: AuditConfig, folder: Path, show: Progress, clock: _Clock
) -> tuple[Path, ...]:
    return write_report(report, config, folder, progress=show, lap=clock.lap)


def write_report(
    report: Report,
    config: AuditConfig,
    folder: Path,
    *,
    progress: Progress | None = None,
    lap: Callable[[str], None] | None = None,
) -> tuple[Path, ...]:
    """Write one version of a report in the formats of the configuration.

    Parameters
    ----------
    report : Report
        The internal or the public version.
    config : AuditConfig
        The formats, and whether the report is a view of some areas.
    folder : Path
        Where they are written; made if it is not there.
    progress : callable, optional
        As in `run_audit`.
    lap : callable, optional
        Called after each format with its name.

    Returns
    -------
    tuple of Path
        What was written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    show, formats = progress or (lambda step, done, total: None), config.formats
    written = []
    for number, name in enumerate(formats):
        show("Writing the report", number, len(formats))
        written.append(_WRITERS[name](report, config, folder))
        if lap is not None:
            lap(f"writing {folder.name} {name}")
    show("Writing the report", len(formats), len(formats))
    return tuple(written)


def _write_html(report: Report, config: AuditConfig, folder: Path) -> Path:
    from commonlight.findings.html import render_html

    path = folder / "report.html"
    path.write_text(render_html(report), encoding="utf-8")
    return path


def _write_pdf(report: Report, config: AuditConfig, folder: Path) -> Path:
    from commonlight.findings.pdf import render_pdf

    path = folder / "report.pdf"
    render_pdf(report, path)
    return path


def _write_data(report: Report, config: AuditConfig, folder: Path) -> Path:
    from commonlight.findings.folder import write_folder

    path = folder / "data"
    write_folder(report, path)
    return path


def _write_shelf(report: Report, config: AuditConfig, folder: Path) -> Path:
    from commonlight.findings.shelf import write_shelf

    path = folder / "shelf"
    write_shelf(report, path, within="area" if config.select.areas else "city")
    return path


_WRITERS: dict[str, Callable[[Report, AuditConfig, Path], Path]] = {
    "html": _write_html,
    "pdf": _write_pdf,
    "data": _write_data,
    "shelf": _write_shelf,
}


class _Clock:
    """Seconds between laps."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = now - self._last
        self._last = now
