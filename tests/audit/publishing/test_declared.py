"""Whatever a question shows, somebody has said what it counts; so no new one can forget."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from commonlight.audit.config import load_config
from commonlight.audit.intake import take_in
from commonlight.audit.publishing.faces import undeclared
from commonlight.audit.publishing.hidden import source_cells
from commonlight.audit.run import audit_report
from commonlight.findings.model import Finding, Report
from commonlight.simulate.city import simulate_city
from commonlight.simulate.files import write_city

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("demo")
    write_city(simulate_city(incidents=10_000, seed=3), folder, rejects_share=0.01)
    return report_of(folder / "audit.toml", folder / "lake")


def report_of(config_file: Path, lake: Path) -> Report:
    config = load_config(config_file)
    return audit_report(config, take_in(config, lake=lake, progress=lambda *_: None))


def check(finding: Finding) -> None:
    assert undeclared(finding) == (), f"{finding.id}: say what these count (Finding.cells)"
    columns = {} if finding.table is None else {c.name: c for c in finding.table.columns}
    for item in finding.cells:
        named = {item.column, *item.derived, *item.fitted, *item.chart} - {""}
        assert named <= set(columns), (finding.id, named - set(columns))
        if item.column:
            assert finding.table is not None
            position = list(columns).index(item.column)
            shown = [row[position] for row in finding.table.rows]
            assert np.allclose(shown, item.counts, atol=4), (finding.id, item.column)


def test_every_number_of_the_demo_is_declared(demo: Report) -> None:
    for finding in demo.findings:
        check(finding)
    assert source_cells(demo.findings)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.stem for path in EXAMPLES.glob("*.toml")))
def test_every_number_of_the_real_audits_is_declared(
    shared_data: Path, tmp_path: Path, name: str
) -> None:
    report = report_of(EXAMPLES / f"{name}.toml", tmp_path)
    for finding in report.findings:
        check(finding)
    assert source_cells(report.findings)
