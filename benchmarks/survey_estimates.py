"""Survey estimates by area and group with 1,000 replicate weights, beside svy.

100,000 answers in 500 clusters of 10 strata, 40 areas and 5 groups. Two jobs of 200 estimates
with standard errors, intervals and effective sizes: one item in the 200 combinations of area
and group, and 20 items in 10 groups each. Each measurement runs in a fresh process and reports
user and system CPU seconds of the timed part and the peak memory of the whole process, which
holds the replicate weights. Reading the arrays and making the replicates (``make_cpu_s``, ours
only) are not in ``cpu_s``; svy is given the same float32 weights as columns of its data frame.
``start_cpu_s`` is what the first call on ten answers costs, nearly all of it Numba starting up.
The target is 10 seconds by the clock for each job. ``largest_se_gap`` is the largest relative
difference of a standard error from the same estimates with float64 weights.

Run ``python -m benchmarks.survey_estimates``.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ANSWERS, REPLICATES = 100_000, 1_000
AREAS, GROUPS, ITEMS = 40, 5, 20
TARGET = 10.0  # seconds by the clock


def write_sample(folder: Path, n: int, n_replicates: int) -> None:
    """Answers, design and replicate weights as arrays."""
    from commonlight.analysis.survey.design import SurveyDesign
    from commonlight.analysis.survey.replicates import bootstrap_weights

    rng = np.random.default_rng(1)
    clusters = rng.integers(0, 500, n)
    strata, area = clusters % 10, rng.integers(0, AREAS, n)
    group, weights = rng.integers(0, GROUPS, n), rng.uniform(0.3, 3, n)
    items = rng.integers(0, 11, (n, ITEMS)) + rng.normal(0, 1, 500)[clusters, None]
    items[rng.random(items.shape) < 0.03] = np.nan
    design = SurveyDesign(weights=weights, strata=strata, clusters=clusters)
    made, cpu, _ = _timed(
        lambda: bootstrap_weights(design, n_replicates=n_replicates, rng=rng, dtype=np.float64)
    )
    columns = {"weights": weights, "strata": strata, "clusters": clusters, "items": items}
    columns |= {"cell": area * GROUPS + group, "ten": group * 2 + area % 2}
    columns |= {"scale": made.scale, "make_cpu_s": np.array(cpu)}
    columns |= {"float64": made.weights, "float32": made.weights.astype(np.float32)}
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column)


def _columns(folder: Path, dtype: str) -> dict[str, np.ndarray]:
    columns = {p.stem: np.load(p) for p in folder.glob("*.npy") if not p.stem.startswith("float")}
    return {**columns, "replicates": np.load(folder / f"{dtype}.npy")}


def _ours(c: dict[str, np.ndarray], job: str) -> dict[str, Any]:
    from commonlight.analysis.survey.design import SurveyDesign
    from commonlight.analysis.survey.estimates import survey_mean

    def design(rows: slice) -> SurveyDesign:
        names = ("weights", "strata", "clusters")
        return SurveyDesign(**{name: c[name][rows] for name in names}, replicate_scale=c["scale"],
                            replicate_weights=c["replicates"][rows])  # fmt: skip

    first = slice(0, 10)
    _, start, _ = _timed(lambda: survey_mean(c["items"][first, 0], design(first)))
    whole = design(slice(None))

    def work() -> np.ndarray:
        if job == "one item":
            found = [survey_mean(c["items"][:, 0], whole, by=c["cell"])]
        else:
            found = [survey_mean(item, whole, by=c["ten"]) for item in c["items"].T]
        return np.stack([np.concatenate([f.estimate for f in found]),
                         np.concatenate([f.se for f in found])])  # fmt: skip

    found, cpu, wall = _timed(work)
    return {"found": found, "cpu_s": cpu, "wall_s": wall, "start_cpu_s": start,
            "make_cpu_s": float(c["make_cpu_s"])}  # fmt: skip


def _svy(c: dict[str, np.ndarray], job: str) -> dict[str, Any]:
    import polars
    import svy

    frame = polars.DataFrame(
        {"w": c["weights"], "cell": c["cell"], "ten": c["ten"]}
        | {f"y{i}": item for i, item in enumerate(c["items"].T)}
        | {f"r{i + 1}": column for i, column in enumerate(c["replicates"].T)}
    ).with_columns(polars.selectors.starts_with("y").fill_nan(None))
    replicates = svy.BootstrapWgts(prefix="r", n_reps=c["replicates"].shape[1])
    sample = svy.Sample(frame, svy.Design(wgt="w", rep_wgts=replicates))
    names, by = (["y0"], "cell") if job == "one item" else ([f"y{i}" for i in range(ITEMS)], "ten")

    def work() -> np.ndarray:
        found = sample.estimation.mean(
            names, by=by, method="replication", variance_center="estimate", drop_nulls=True
        )
        tables = [f.to_polars().sort(by) for f in found]
        return np.stack([np.concatenate([t[name].to_numpy() for t in tables])
                         for name in ("est", "se")])  # fmt: skip

    found, cpu, wall = _timed(work)
    return {"found": found, "cpu_s": cpu, "wall_s": wall}


METHODS = {"commonlight": _ours, "commonlight_float64": _ours, "svy": _svy}


def _measure(method: str, job: str, folder: Path) -> dict[str, Any]:
    dtype = "float64" if method.endswith("64") else "float32"
    measured = METHODS[method](_columns(folder, dtype), job)
    np.save(folder.parent / f"{method}.npy", measured.pop("found"))
    return {**measured, "peak_mib": _peak_mib()}


def _timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What the work returns, its user and system CPU seconds, and its seconds by the clock."""
    before, clock = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    result = work()
    after, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter() - clock
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return result, round(cpu, 3), round(wall, 3)


def _peak_mib() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def _child(method: str, job: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.survey_estimates"]
    done = subprocess.run([*command, "--child", method, job, str(folder)], check=True,
                          capture_output=True, text=True)  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def _case(job: str, folder: Path, methods: list[str]) -> dict[str, Any]:
    measured = {method: _child(method, job, folder) for method in methods}
    found = {method: np.load(folder.parent / f"{method}.npy") for method in methods}
    double = found["commonlight_float64"]
    gap = np.abs(found["commonlight"][1] / double[1] - 1).max()
    row: dict[str, Any] = {
        "case": f"200 estimates: {job}",
        **{f"{m}_{key}": value for m, values in measured.items() for key, value in values.items()},
        "target_s": TARGET,
        "met": measured["commonlight"]["wall_s"] <= TARGET,
        "largest_se_gap": float(gap),
    }
    if "svy" in measured:
        ours, theirs = measured["commonlight"], measured["svy"]
        row["cpu_ratio"] = round(ours["cpu_s"] / theirs["cpu_s"], 4)
        row["largest_se_gap_to_svy"] = float(np.abs(found["svy"][1] / double[1] - 1).max())
    return row


def run(answers: int = ANSWERS, replicates: int = REPLICATES) -> list[dict[str, Any]]:
    """Measure both jobs; one row each. svy is left out where it is not installed."""
    methods = [m for m in METHODS if m != "svy" or importlib.util.find_spec("svy")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "sample"
        folder.mkdir()
        write_sample(folder, answers, replicates)
        _child("commonlight", "one item", folder)  # fills the cache of compiled kernels
        _child("commonlight_float64", "one item", folder)
        return [_case(job, folder, methods) for job in ("one item", "20 items")]


def main() -> None:
    parser = argparse.ArgumentParser(description="Survey estimates with replicate weights.")
    parser.add_argument("--answers", type=int, default=ANSWERS)
    parser.add_argument("--replicates", type=int, default=REPLICATES)
    parser.add_argument("--child", nargs=3, metavar=("METHOD", "JOB", "FOLDER"),
                        help=argparse.SUPPRESS)  # fmt: skip
    given = parser.parse_args()
    if given.child:
        method, job, folder = given.child
        print(json.dumps(_measure(method, job, Path(folder))))
    else:
        print(json.dumps(run(given.answers, given.replicates), indent=2))


if __name__ == "__main__":
    main()
