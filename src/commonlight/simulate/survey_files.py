"""The survey as files: answers, the mapping that reads them, and the codebook.

Every row says that it is simulated. Answer sheets have a number, persons have none.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from commonlight.simulate.questionnaire import (
    ADULT_AGES,
    SEXES,
    AskedVictim,
    Item,
    load_questionnaire,
)
from commonlight.simulate.survey import Survey

if TYPE_CHECKING:
    from commonlight.sources.codebook import Codebook, CodebookItem
    from commonlight.sources.mapping import Mapping

__all__ = ["survey_codebook", "survey_mapping", "survey_table", "write_survey", "write_table"]

_VICTIM_CODES = {"1": "yes", "2": "no"}


def write_survey(
    survey: Survey,
    area_codes: tuple[str, ...],
    folder: Path,
    *,
    city: str,
    stem: str = "survey",
) -> None:
    """Write the answers, the mapping and the codebook of one wave.

    Parameters
    ----------
    survey : Survey
    area_codes : tuple of str
    folder : Path
        Must be there.
    city : str
        Name of the city.
    stem : str, optional
        ``survey`` gives ``simulated_survey.csv``, ``survey.toml`` and ``survey-codebook.toml``.
    """
    from commonlight.sources.codebook_files import dump_codebook
    from commonlight.sources.mapping_files import dump_mapping

    head = f"# SIMULATED: {city} is invented, and so is every answer\n"
    codebook = f"{stem}-codebook.toml"
    write_table(folder / f"simulated_{stem}.csv", survey_table(survey, area_codes))
    texts = {
        f"{stem}.toml": dump_mapping(survey_mapping(city, codebook)),
        codebook: dump_codebook(survey_codebook(survey, city)),
    }
    for name, text in texts.items():
        (folder / name).write_text(head + text, encoding="utf-8", newline="\n")


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table without commas in its texts as plain CSV, header included."""
    options = arrow_csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as out:
        out.write((",".join(table.column_names) + "\n").encode())
        arrow_csv.write_csv(table, out, options)


def survey_table(survey: Survey, area_codes: tuple[str, ...]) -> pa.Table:
    """The answers as they are published, one row each.

    Parameters
    ----------
    survey : Survey
    area_codes : tuple of str

    Returns
    -------
    pyarrow.Table
    """
    n = len(survey)
    columns = {
        "answer_no": pa.array([f"SIM-A{i + 1:06d}" for i in range(n)], pa.string()),
        "answered_on": pa.array(survey.day.astype("datetime64[D]")),
        "area_code": _named(area_codes, survey.area),
        "stratum": _named(survey.strata, survey.stratum),
        "cluster": pa.array([f"C{c + 1:05d}" for c in survey.cluster], pa.string()),
        "mode": _named(("web", "telephone"), survey.telephone.astype(int)),
        "design_weight": pa.array(np.round(survey.design_weight, 4)),
        "weight": pa.array(np.round(survey.weight, 4)),
        "sex": pa.array(survey.sex + 1),
        "age_group": pa.array(survey.age + 1),
        "adults_at_home": pa.array(survey.adults_at_home),
    }
    questionnaire = load_questionnaire()
    asked = [item.column for item in questionnaire.items]
    asked += [item.column for item in questionnaire.victims]
    columns |= {column: pa.array(survey.codes[column]) for column in asked}
    columns["simulated"] = _named(("yes",), np.zeros(n, dtype=np.int64))
    return pa.table(columns)


def _named(names: tuple[str, ...], index: NDArray[np.int64]) -> pa.Array:
    return pa.array(np.array(names, dtype=object)[index], type=pa.string())


def survey_mapping(city: str, codebook: str) -> Mapping:
    """How the columns of the survey are read.

    Streets in a stratum's population are not stated: few persons of a street are asked, so a
    correction for the streets alone would make standard errors too small.

    Parameters
    ----------
    city : str
    codebook : str
        Name of the codebook file.

    Returns
    -------
    Mapping
    """
    from commonlight.sources.mapping import Mapping, PlaceColumns, TimeColumns

    return Mapping(
        kind="answers",
        name=f"Residents' survey, {city}",
        publisher=f"{city}, no real answers",
        witness="survey",
        codebook=codebook,
        id="answer_no",
        time=TimeColumns(start="answered_on", formats=("%Y-%m-%d",)),
        place=PlaceColumns(area="area_code"),
        stratum="stratum",
        cluster="cluster",
        weight="weight",
        keep={"design_weight": "design_weight"},
    )


def survey_codebook(survey: Survey, city: str) -> Codebook:
    """What was asked, in the order in which it was asked.

    Parameters
    ----------
    survey : Survey
    city : str

    Returns
    -------
    Codebook
    """
    from commonlight.sources.codebook import Codebook, CodebookGroup

    questionnaire = load_questionnaire()
    groups = (
        CodebookGroup(name="sex", column="sex", labels=_numbered(SEXES)),
        CodebookGroup(name="age", column="age_group", labels=_numbered(ADULT_AGES)),
        CodebookGroup(name="mode", column="mode", labels={"web": "web", "telephone": "telephone"}),
    )
    items = [_item(item, survey.old_wording) for item in questionnaire.items]
    victims = [_victim(asked) for asked in questionnaire.victims]
    return Codebook(
        name=f"Residents' survey, {city}",
        wave=str(survey.year),
        language="en",
        mode="web and telephone",
        source="written for the simulation",
        groups=groups,
        items=(*items, *victims),
    )


def _numbered(labels: tuple[str, ...]) -> dict[str, str]:
    return {str(i): label for i, label in enumerate(labels, start=1)}


def _item(item: Item, old: bool) -> CodebookItem:
    from commonlight.sources.codebook import CodebookItem, Construct

    scale, earlier = item.scale, old and item.old_wording is not None
    category = bool(scale.labels)
    labels = zip(map(str, scale.codes), scale.labels, strict=True) if category else ()
    missing = {scale.unknown: "does not know", scale.unknown + 1: "no answer"}
    if item.asked_of < 1:
        missing[scale.unknown - 1] = "not asked"
    return CodebookItem(
        name=item.column,
        column=item.column,
        construct=Construct(item.construct),
        title=item.title,
        wording=item.old_wording or item.wording if earlier else item.wording,
        wording_version=None if item.old_wording is None else "1" if earlier else "2",
        scale=scale.text,
        kind="category" if category else "number",
        labels=dict(labels),
        lowest=None if category else float(min(scale.codes)),
        highest=None if category else float(max(scale.codes)),
        missing={str(code): missing[code] for code in sorted(missing)},
        high_is=scale.high_is,
        place=item.place,
        time_of_day=item.time,
        share_of=tuple(map(str, scale.concern)) if category else (),
        asked_of="" if item.asked_of == 1 else "owners of a vehicle",
        item_id=item.item_id,
    )


def _victim(asked: AskedVictim) -> CodebookItem:
    from commonlight.sources.codebook import CodebookItem, Construct

    return CodebookItem(
        name=asked.column,
        column=asked.column,
        construct=Construct.VICTIMISATION,
        title=asked.title,
        wording=asked.wording,
        kind="category",
        labels=_VICTIM_CODES,
        missing={"9": "no answer"},
        share_of=("1",),
        high_is="more",
    )
