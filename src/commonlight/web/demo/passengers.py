"""What the transport company promised and what it brought: counts on two of ten night lines."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from commonlight.web.data.domain.stewarding import save_dataset
from commonlight.web.data.models import DataSet
from commonlight.web.demo import deliveries, sharing
from commonlight.web.demo.partnership import DemoSource
from commonlight.web.runs.models import Run
from commonlight.web.workspaces.actors import actor_for

__all__ = ["bring_counts", "promise_counts"]

LINES = 10
BROUGHT = (1, 2)
STOPS = 6
VISITS = "simulated_visits.csv"
BANDS = ("fewer than 50", "50 to 99", "100 to 199", "200 to 399", "100 to 199", "fewer than 50")
DEAL = sharing.Deal(
    title="Counts of passengers on ten night lines",
    kind="one_way",
    purpose="Local safety audit and planning of prevention",
    gives=("transport",),
    receives=("municipality",),
    datasets=(),
    place="point",
    time="year",
)


def promise_counts(place: SimpleNamespace) -> None:
    """Ten data sets, all of them named in an agreement that both have signed."""
    steward = place.members["night_service"]
    actor = actor_for(steward.user, place.workspace)
    for source in _sources():
        dataset = DataSet(
            workspace=place.workspace,
            owner=place.organisations["transport"],
            steward=steward,
            slug=source.slug,
            name=source.name,
            kind=source.kind,
            description=source.description,
            noun=source.noun,
            publisher=place.workspace.city,
            licence="Simulated data, free to use",
        )
        place.datasets[source.slug] = save_dataset(actor, dataset, changed=[])
    sharing.conclude(place, DEAL, datasets=[source.slug for source in _sources()])


def bring_counts(place: SimpleNamespace, folder: Path) -> Iterator[Run]:
    """The files of the lines whose counters work; each import is to be waited for."""
    points = _points(folder / VISITS)
    for number, source in enumerate(_sources(), start=1):
        if number in BROUGHT:
            _write(folder / source.file, number, points[(number - 1) * STOPS :][:STOPS])
            yield deliveries.deliver(place, source, folder)


def _sources() -> list[DemoSource]:
    return [
        DemoSource(
            slug=f"passengers-line-{number}",
            name=f"Passengers on night line {number}",
            kind="places",
            owner="transport",
            steward="night_service",
            file=f"simulated_passengers_{number}.csv",
            columns={"name": "stop", "category": "passengers", "x": "easting", "y": "northing"},
            crs="EPSG:25832",
            noun="stops",
            description="Passengers at each stop in a night, in bands.",
        )
        for number in range(1, LINES + 1)
    ]


def _points(path: Path) -> list[tuple[str, str]]:
    """A point in each quarter that was visited, so that stops lie in the city."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["area_code"]: row for row in csv.DictReader(file)}
    return [(row["easting"], row["northing"]) for row in rows.values()]


def _write(path: Path, line: int, points: list[tuple[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["stop", "passengers", "easting", "northing", "simulated"])
        for number, (point, band) in enumerate(zip(points, BANDS, strict=False), start=1):
            writer.writerow([f"Line {line}, stop {number}", band, *point, "yes"])
