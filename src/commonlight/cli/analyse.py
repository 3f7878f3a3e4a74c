"""``commonlight analyse``: one method on one table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commonlight.cli.console import as_json, print_json, print_table, say

__all__ = ["analyse"]

METHODS = (
    "change-points",
    "concentration",
    "exceptions",
    "harm",
    "hot-spots",
    "near-repeat",
    "season",
    "segments",
    "survey",
    "trend",
    "weekday-hour",
)


def analyse(
    method: Annotated[str, typer.Argument(help="One of: " + ", ".join(METHODS) + ".")],
    table: Annotated[
        str, typer.Argument(help="A Parquet file in the incidents schema, or a data set's name.")
    ],
    lake: Annotated[Path, typer.Option(help="Folder of the lake that holds the data set.")] = Path(
        "lake"
    ),
    kind: Annotated[
        str | None, typer.Option(help="Only records of this type, in the source's own words.")
    ] = None,
    cell_size: Annotated[float, typer.Option(help="Side of a grid cell, in metres.")] = 250.0,
    distance: Annotated[
        str, typer.Option(help="Borders of the distance bands, in metres.")
    ] = "0,1,100,200,300,400",
    days: Annotated[str, typer.Option(help="Borders of the time bands, in days.")] = "0,7,14,21,28",
    permutations: Annotated[
        int, typer.Option(min=19, help="Shuffles of a permutation test.")
    ] = 999,
    seed: Annotated[int, typer.Option(help="Same seed, same result.")] = 1,
    streets: Annotated[
        Path | None, typer.Option(help="Lines of streets, for segments and near-repeat.")
    ] = None,
    bandwidth: Annotated[
        float, typer.Option(help="Reach along the streets for segments, in metres.")
    ] = 300.0,
    item: Annotated[str | None, typer.Option(help="Question of a survey.")] = None,
    by: Annotated[
        str | None, typer.Option(help="Group of a survey that answers are told by, or area.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Run one METHOD on a TABLE and print its result.

    TABLE is a name in the lake (see *commonlight sources list*) or a Parquet file with the
    columns of the incidents schema. The method *survey* takes the name of a set of answers.
    """
    from commonlight.audit.single.run import run_method

    if method not in METHODS:
        raise typer.BadParameter(f"{method!r} is not one of {', '.join(METHODS)}")
    result = run_method(
        method,
        table,
        lake=lake,
        kind=kind,
        cell_size=cell_size,
        distance_bands=_numbers(distance, "distance"),
        time_bands=_numbers(days, "days"),
        permutations=permutations,
        seed=seed,
        streets=streets,
        bandwidth=bandwidth,
        item=item,
        by=by,
    )
    if json:
        print_json(result.result)
        return
    say(result.sentence)
    for line in result.lines:
        say(line)
    if result.rows:
        print_table(result.columns, as_json(result.rows))


def _numbers(text: str, name: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise typer.BadParameter(
            f"--{name} takes numbers with commas between, such as 0,100,200; got {text!r}"
        ) from error
