"""How many answers stand behind each share: of 45 answers and 4.4 %, two said yes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from commonlight.audit.answers_layer import AnswersLayer
from commonlight.findings.model import CountCells, Finding

__all__ = ["with_those_who_said_yes"]

SAID, YES = "said", "yes"


def with_those_who_said_yes(
    findings: Iterable[Finding], surveys: Sequence[AnswersLayer]
) -> list[Finding]:
    """Findings whose shares count as counts of those who said yes, and of those who did not.

    A share and the number of answers give the number who said yes, exactly where answers have no
    weights and nearly so where they have. It must therefore be protected like a count.

    Parameters
    ----------
    findings : iterable of Finding
        Some of them about answers.
    surveys : sequence of AnswersLayer
        The answers that they count.

    Returns
    -------
    list of Finding
        The same, with more `cells`; nothing else changes.
    """
    layers = {f"{survey.name}/answers": survey for survey in surveys}
    return [_with_yes(finding, layers) for finding in findings]


def _with_yes(finding: Finding, layers: dict[str, AnswersLayer]) -> Finding:
    more = [
        _yes_cells(item, layers[item.source])
        for item in finding.cells
        if item.source in layers and "item" in item.dimensions
    ]
    return replace(finding, cells=(*finding.cells, *(cells for cells in more if cells is not None)))


def _yes_cells(item: CountCells, layer: AnswersLayer) -> CountCells | None:
    """The same cells, limited to those who said yes; None where nothing is a share.

    Ratings are no shares and keep their number of answers.
    """
    keys, counts = [], []
    for key, answers in zip(item.keys, item.counts, strict=True):
        of = dict(zip(item.dimensions, key, strict=True))
        measure = layer.measure(of.pop("item"))
        keys.append((*key, YES if measure.share else ""))
        counts.append(
            int(((measure.values == 1) & _among(layer, of)).sum()) if measure.share else answers
        )
    if all(key[-1] == "" for key in keys):
        return None
    dimensions = (*item.dimensions, SAID)
    return replace(item, dimensions=dimensions, keys=tuple(keys), counts=tuple(counts), column="")


def _among(layer: AnswersLayer, of: dict[str, str]) -> np.ndarray:
    """Answers in an area or group."""
    found = np.ones(layer.n, dtype=bool)
    for name, label in of.items():
        if label == "":
            continue
        if name == "area" and layer.areas is not None:
            found &= layer.area == layer.areas.codes.index(label)
        else:
            group = layer.answers.groups[name]
            found &= group.codes == group.labels.index(label)
    return found
