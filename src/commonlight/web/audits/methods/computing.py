"""The audit itself, run in a job: what is heavy is imported here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Computed", "compute"]

Progress = Callable[[str, float, float | None], None]


@dataclass(frozen=True, kw_only=True)
class Computed:
    """What a run found, as its result says it; the findings themselves stand in its folder."""

    title: str
    headline: tuple[str, ...]
    findings: int
    public: int
    one_sided: bool
    absent_voices: tuple[str, ...]
    missing: tuple[dict[str, str], ...]
    cautions: tuple[str, ...]
    public_refused: str
    seconds: dict[str, float]


def compute(
    settings: Mapping[str, Any],
    *,
    lake: Path,
    files: Path,
    folder: Path,
    with_public: bool,
    progress: Progress,
) -> Computed:
    """Run an audit and write what its pages, prints and downloads need.

    Parameters
    ----------
    settings : mapping
        From `library_settings`.
    lake, files : Path
        The versions of records, and the folder of the data sets that are files.
    folder : Path
        Gets ``internal/`` and, if it may be made, ``public/``.
    with_public : bool
        Whether a public version is asked for.
    progress : callable
        Called with the step, how much is done and how much there is.
    """
    from commonlight.audit.config import config_from_dict
    from commonlight.audit.run import run_audit

    config = config_from_dict(settings, base=files)
    done = run_audit(config, folder=folder, lake=lake, only="internal", progress=progress)
    public, refused = 0, ""
    if with_public:
        public, refused = _publish(config, done.report, folder, progress)
    report = done.report
    return Computed(
        title=report.title,
        headline=report.headline_findings,
        findings=len(report.findings),
        public=public,
        one_sided=report.one_sided,
        absent_voices=report.absent_voices,
        missing=tuple(
            {
                "name": item.name,
                "block": item.block.value,
                "voice": item.voice,
                "why": item.why,
                "next_step": item.next_step,
            }
            for item in report.missing
        ),
        cautions=report.cautions,
        public_refused=refused,
        seconds={step: round(seconds, 2) for step, seconds in done.seconds.items()},
    )


def _publish(config: Any, report: Any, folder: Path, progress: Progress) -> tuple[int, str]:
    """How many findings the public version has, or why there is none."""
    from commonlight.audit.publishing.account import write_account
    from commonlight.audit.publishing.public import publish
    from commonlight.audit.publishing.rules import PublishingError
    from commonlight.audit.run import write_report

    progress("Protecting small counts", 0, None)
    nouns = {source.name: source.noun for source in config.sources}
    try:
        publication = publish(report, rules=config.publish, nouns=nouns)
    except PublishingError as error:
        return 0, str(error)
    write_account(publication, folder / "internal")
    write_report(publication.report, config, folder / "public", progress=progress)
    return len(publication.report.findings), ""
