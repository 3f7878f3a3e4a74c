"""Import of many rows, beside a bare pyarrow conversion of the same rows, in one run.

``python -m benchmarks.import_rows --rows 8000000`` writes a simulated file of 12 columns
(about 170 bytes a row; 2 % of the rows are bad, of ten kinds, with known truth) and a clean
one of the same size. Each conversion runs in a fresh child process; CPU is user + system
time of the child, memory its peak resident size. Both are warm: a small import before the
measurement fills Numba's cache of compiled kernels and Python's cache of bytecode.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

QUICK = {"rows": 20_000}
BAD_SHARE = 0.02
CHUNK = 100_000
HEADER = "incident_id,from,until,reported,longitude,latitude,street,area,offence,outcome,force,note"
STREETS = [
    f"{a} {b}"
    for a in ("Mill", "Park", "Station", "Church", "High", "North")
    for b in ("Street", "Lane", "Road", "Close", "Avenue", "Hill", "View", "Court")
]
OFFENCES = [
    "Anti-social behaviour",
    "Bicycle theft",
    "Burglary",
    "Criminal damage and arson",
    "Drugs",
    "Other crime",
    "Other theft",
    "Possession of weapons",
    "Public order",
    "Robbery",
    "Shoplifting",
    "Theft from the person",
    "Vehicle crime",
    "Violence and sexual offences",
]
OUTCOMES = [
    "Investigation complete; no suspect identified",
    "Under investigation",
    '"Unable to prosecute, suspect known"',
    "Awaiting court outcome",
    "",
]
KINDS = {
    "quote": "quote not closed",
    "extra": "wrong number of cells",
    "cut": "wrong number of cells",
    "encoding": "invalid encoding",
    "nul": "NUL byte",
    "date": "impossible date or time",
    "interval": "end before start",
    "zero": "coordinates are (0, 0)",
    "outside": "outside the study area",
    "duplicate": "duplicate identifier",
}
WEST, SOUTH, EAST, NORTH = -1.9, 53.6, -1.3, 53.95


def _times(rng, n):
    """Start, end and recording date as text, of one chunk."""
    start = np.datetime64("2018-01-01T00:00") + rng.integers(0, 5 * 365 * 1440, n)
    end = start + rng.integers(0, 2880, n).astype("timedelta64[m]")
    day = end.astype("datetime64[D]") + rng.integers(0, 30, n).astype("timedelta64[D]")
    texts = [np.datetime_as_string(v) for v in (start, end)]
    return [np.char.replace(v, "T", " ").tolist() for v in texts], np.datetime_as_string(
        day
    ).tolist()


def _lines(rng, first, n):
    """Good lines of one chunk, each as a list of 12 cells."""
    (start, end), day = _times(rng, n)
    lon = rng.uniform(WEST + 0.01, EAST - 0.01, n).tolist()
    lat = rng.uniform(SOUTH + 0.01, NORTH - 0.01, n).tolist()
    area = rng.integers(0, 1388, n).tolist()
    picks = rng.integers(0, 2**31, (4, n)).tolist()
    salt = rng.integers(0, 2**32, n).tolist()
    for i in range(n):
        a, b, c, d = (p[i] for p in picks)
        yield [
            f"{first + i:08x}{salt[i]:08x}",
            start[i],
            end[i],
            day[i],
            f"{lon[i]:.6f}",
            f"{lat[i]:.6f}",
            STREETS[a % 48],
            f"E0{1007000 + area[i]}",
            OFFENCES[b % 14],
            OUTCOMES[c % 5],
            "Anytown Police",
            f"beat {d % 97}",
        ]


def _spoil(cells, kind, earlier):
    """One bad line of a kind, as bytes."""
    if kind == "quote":
        cells[6], cells[9] = '"' + cells[6], ""
    elif kind == "extra":
        cells.insert(7, "x")
    elif kind == "cut":
        cells = cells[:5]
    elif kind == "nul":
        cells[8] = cells[8][:4] + "\0" + cells[8][4:]
    elif kind == "date":
        cells[1] = cells[1][:5] + "02-30" + cells[1][10:]
    elif kind == "interval":
        cells[1], cells[2] = cells[2][:10] + " 23:59", cells[1][:10] + " 00:00"
    elif kind == "zero":
        cells[4] = cells[5] = "0"
    elif kind == "outside":
        cells[5] = f"{NORTH + 0.2:.6f}"
    elif kind == "duplicate":
        cells[0] = earlier
    line = ",".join(cells).encode()
    return line.replace(b"Police", b"P\xf6lice") if kind == "encoding" else line


def write_files(folder, rows, seed=1):
    """Write ``dirty.csv`` and ``clean.csv``; returns the planted truth, line number to reason."""
    rng = np.random.default_rng(seed)
    kinds = list(KINDS)
    truth, earlier = {}, None
    with (folder / "dirty.csv").open("wb") as dirty, (folder / "clean.csv").open("wb") as clean:
        for file in (dirty, clean):
            file.write(HEADER.encode() + b"\n")
        for first in range(0, rows, CHUNK):
            n = min(CHUNK, rows - first)
            bad = rng.random(n) < BAD_SHARE
            which = rng.integers(0, 10, n)
            good, mixed = [], []
            for i, cells in enumerate(_lines(rng, first, n)):
                line = ",".join(cells).encode()
                good.append(line)
                if bad[i] and earlier:
                    kind = kinds[which[i]]
                    mixed.append(_spoil(cells, kind, earlier))
                    truth[first + i + 2] = KINDS[kind]
                else:
                    mixed.append(line)
                    if i % 7 == 0:
                        earlier = cells[0]
            clean.write(b"\n".join(good) + b"\n")
            dirty.write(b"\n".join(mixed) + b"\n")
    return truth


def mapping():
    """Ten of the twelve columns; the force and the note are not kept."""
    from commonlight.sources.mapping import Mapping, PlaceColumns, TimeColumns, TypeColumns

    return Mapping(
        kind="incidents",
        name="simulated",
        id="incident_id",
        time=TimeColumns(
            start="from", formats=("%Y-%m-%d %H:%M",), end="until", end_formats=("%Y-%m-%d %H:%M",)
        ),
        place=PlaceColumns(x="longitude", y="latitude", crs="EPSG:4326", area="area"),
        type=TypeColumns(column="offence"),
        recorded="reported",
        recorded_formats=("%Y-%m-%d",),
        keep={"outcome": "outcome", "street": "street"},
    )


def study_area():
    """The simulated city's outline, in metres."""
    import shapely
    from pyproj import Transformer

    change = Transformer.from_crs("EPSG:4326", "EPSG:32630", always_xy=True).transform
    box = shapely.segmentize(shapely.box(WEST, SOUTH, EAST, NORTH), 0.01)
    return shapely.transform(box, lambda xy: np.column_stack(change(xy[:, 0], xy[:, 1])))


def run_ours(path, folder):
    """Import with every check."""
    from commonlight.sources.importing import import_source

    result = import_source(
        path,
        mapping(),
        lake=folder / "lake",
        name="simulated",
        crs="EPSG:32630",
        study_area=study_area(),
    )
    return {"read": result.read, "accepted": result.accepted, "rejected": result.rejected}


def run_pyarrow(path, folder):
    """Bare conversion: types by inference, zstd, no check of any kind."""
    import pyarrow.csv
    import pyarrow.parquet

    with (
        pyarrow.csv.open_csv(path) as reader,
        pyarrow.parquet.ParquetWriter(
            folder / "bare.parquet", reader.schema, compression="zstd"
        ) as writer,
    ):
        rows = 0
        for batch in reader:
            writer.write_batch(batch)
            rows += batch.num_rows
    return {"read": rows}


def _child(what, path, folder):
    """Run one conversion in a fresh process; CPU seconds, wall seconds and peak MiB."""
    import time

    command = [
        sys.executable,
        "-m",
        "benchmarks.import_rows",
        "--child",
        what,
        str(path),
        str(folder),
    ]
    began = time.monotonic()
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / "commonlight-bytecode")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{what} ended with {process.returncode}")
    return json.loads(output.splitlines()[-1]) | {
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "wall_s": time.monotonic() - began,
        "peak_mib": usage.ru_maxrss / 1024,
    }


def check_truth(folder, truth):
    """Compare the rejected rows with what was planted; returns the number of differences."""
    from commonlight.sources.lake import Lake

    rejected = Lake(folder / "lake").open("simulated").rejected()
    found = {
        row: reason.split(" of line")[0]
        for row, reason in zip(
            rejected["row"].to_pylist(), rejected["reason"].to_pylist(), strict=True
        )
    }
    wrong = {row for row in truth.keys() | found.keys() if truth.get(row) != found.get(row)}
    return len(wrong), Counter(found.values())


def run(rows=8_000_000, folder=None):
    """All measurements; a list of rows for the table of results."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        folder = Path(name)
        truth = write_files(folder, rows)
        warm = folder / "warm"
        warm.mkdir()
        write_files(warm, 2000)
        for what in ("ours", "pyarrow"):
            _child(what, warm / "dirty.csv" if what == "ours" else warm / "clean.csv", warm)
        bare = _child("pyarrow", folder / "clean.csv", folder)
        ours = _child("ours", folder / "dirty.csv", folder)
        wrong, reasons = check_truth(folder, truth)
        size = (folder / "dirty.csv").stat().st_size / 1e6
    lost = rows - len(truth) - ours["accepted"]
    return [
        {"what": "bare pyarrow CSV to Parquet", "rows": rows, "file_mb": size, **bare},
        {
            "what": "commonlight import, checked",
            "rows": rows,
            "file_mb": size,
            **ours,
            "cpu_ratio": ours["cpu_s"] / bare["cpu_s"],
            "target_cpu_ratio": 2.0,
            "target_peak_mib": 1536,
            "bad_rows_planted": len(truth),
            "rows_judged_wrongly": wrong,
            "good_rows_lost": lost,
            "reasons": dict(reasons),
        },
    ]


def main():
    """Print a small table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=8_000_000)
    parser.add_argument("--folder", type=Path, default=None, help="where to write the files")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        what, path, folder = options.child
        convert = {"ours": run_ours, "pyarrow": run_pyarrow}[what]
        print(json.dumps(convert(Path(path), Path(folder))))
        return
    results = run(options.rows, options.folder)
    print(f"{'':32}{'rows':>10}{'CPU s':>8}{'wall s':>8}{'peak MiB':>10}")
    for row in results:
        print(
            f"{row['what']:32}{row['rows']:>10}{row['cpu_s']:>8.2f}{row['wall_s']:>8.2f}"
            f"{row['peak_mib']:>10.0f}"
        )
    ours = results[1]
    print(
        f"CPU ratio {ours['cpu_ratio']:.2f} (at most 2), file {ours['file_mb']:.0f} MB, "
        f"{ours['bad_rows_planted']} bad rows planted, {ours['rows_judged_wrongly']} rows judged "
        f"wrongly, {ours['good_rows_lost']} good rows lost"
    )
    print(ours["reasons"])


if __name__ == "__main__":
    main()
