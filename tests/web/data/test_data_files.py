"""Areas, residents, streets, places and past interventions come in as files."""

from __future__ import annotations

import json
from typing import Any

import pytest

from commonlight.web.runs.worker import work_off

pytestmark = pytest.mark.django_db


def square(x: float, y: float, size: float = 0.01) -> list[list[list[float]]]:
    return [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]]


def areas(codes: tuple[str, ...] = ("01", "02")) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": f"Quarter {code} {k}"},
            "geometry": {"type": "Polygon", "coordinates": square(13.4 + k / 100, 52.5)},
        }
        for k, code in enumerate(codes)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


STREETS = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"id": "s1"},
                "geometry": {"type": "LineString", "coordinates": [[13.4, 52.5], [13.41, 52.5]]},
            }
        ],
    }
).encode()
POPULATION = b"code,residents\n01,1200\n02,900\n"
PLACES = b"title,kind,lon,lat\nSchool A,school,13.4,52.5\nStation,station,13.41,52.51\nX,bar,0,0\n"
INTERVENTIONS = (
    b"name,what,start,end,area\n"
    b"Lamps,New lamps,01.03.2023,30.06.2023,01\n"
    b"Patrols,More patrols,01.13.2023,,02\n"
    b"Cameras,Cameras,01.05.2023,01.04.2023,02\n"
)

FILES = {
    "areas": ("areas.geojson", areas(), {"code": "code", "name": "name"}, (2, 2, 0)),
    "population": (
        "people.csv",
        POPULATION,
        {"area": "code", "count": "residents"},
        (2, 2, 0),
    ),
    "streets": ("streets.geojson", STREETS, {"identifier": "id"}, (1, 1, 0)),
    "places": (
        "places.csv",
        PLACES,
        {"name": "title", "category": "kind", "x": "lon", "y": "lat"},
        (3, 2, 1),
    ),
    "interventions": (
        "done.csv",
        INTERVENTIONS,
        {
            "name": "name",
            "what": "what",
            "from": "start",
            "to": "end",
            "area": "area",
            "date_format": "%d.%m.%Y",
        },
        (3, 1, 2),
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_looked_at_named_checked_and_kept(
    kind: str, dataset: Any, send: Any, client_of: Any, address: Any, city: Any
) -> None:
    name, content, columns, counts = FILES[kind]
    made, client = dataset(kind, kind=kind), client_of("analyst")
    upload = send(made, content, name=name)
    upload.refresh_from_db()
    assert upload.preview_run.state == "done", upload.preview_run.failure_text
    page = client.get(address("columns", upload.pk)).content.decode()
    assert "What the columns are" in page
    assert client.post(address("columns", upload.pk), columns).status_code == 302
    assert client.get(address("check", upload.pk)).status_code == 200
    client.post(address("check", upload.pk))
    work_off()
    upload.refresh_from_db()
    assert upload.import_run.state == "done", upload.import_run.failure_text
    made.refresh_from_db()
    version = made.current
    assert (version.rows_read, version.rows_accepted, version.rows_rejected) == counts
    assert (city.workspace.files_folder / version.file).is_file()
    page = client.get(address("version", made.slug, 1)).content.decode()
    assert ("<svg" in page.split("<main")[1]) == (kind in ("areas", "streets", "places"))
    if counts[2]:
        assert client.get(address("rejected", made.slug, 1)).status_code == 200


def test_a_file_that_is_none_leaves_all_as_it_was(
    dataset: Any, send: Any, client_of: Any, address: Any
) -> None:
    made, client = dataset("areas", kind="areas"), client_of("analyst")
    upload = send(made, areas(("01", "01")), name="areas.geojson")
    client.post(address("columns", upload.pk), {"code": "code"})
    client.post(address("check", upload.pk))
    work_off()
    upload.refresh_from_db()
    made.refresh_from_db()
    assert made.current is None
    assert "the same code" in client.get(address("upload", upload.pk)).content.decode()


def test_places_with_persons_are_refused(dataset: Any, send: Any) -> None:
    rows = "".join(f"Anna Meier,a{k}@example.org,13.4,52.5\n" for k in range(30))
    upload = send(
        dataset("places", kind="places"), f"name,mail,lon,lat\n{rows}".encode(), name="p.csv"
    )
    upload.refresh_from_db()
    assert upload.state == "refused"


def test_the_web_process_stays_small() -> None:
    """Pages import no library of arrays; jobs do, in the worker."""
    import subprocess
    import sys

    heavy = ("numpy", "pyarrow", "numba", "shapely", "pyproj", "pyogrio")
    code = (
        "import os, sys, tempfile\n"
        "os.environ['COMMONLIGHT_HOME'] = tempfile.mkdtemp()\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'commonlight.web.config.settings'\n"
        "import django; django.setup()\n"
        "from commonlight.web.data import urls\n"
        "from commonlight.web.data.methods import mappings\n"
        "mappings.preset_choices('incidents'); mappings.class_choices()\n"
        "mappings.mapping_text({'kind': 'incidents', 'name': 'x'})\n"
        f"print([name for name in {heavy!r} if name in sys.modules])\n"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.strip() == "[]", answer.stderr
