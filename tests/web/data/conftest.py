"""Files that people send, and a short way through the steps."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commonlight.web.data.models import Upload
from commonlight.web.runs.worker import work_off

HEADER = ["Fall", "Datum", "Laenge", "Breite", "Delikt", "Bezirk"]


def rows_of_burglaries(n: int = 400, *, bad: float = 0.02, seed: int = 7) -> list[list[str]]:
    """Records with days in two forms, and some coordinates that cannot be."""
    rng = random.Random(seed)
    rows = []
    for k in range(n):
        day = date(2023, 1, 1) + timedelta(days=rng.randrange(700))
        form = "%d.%m.%Y" if rng.random() < 0.5 else "%Y-%m-%d"
        lon, lat = 13.3 + rng.random() / 10, 52.4 + rng.random() / 10
        x, y = (f"{lon:.5f}", f"{lat:.5f}")
        if k < n * bad:
            x, y = ("0", "0") if k % 2 else ("999", "52.5")
        kind = rng.choice(["Wohnungseinbruch", "Fahrraddiebstahl"])
        rows.append([f"F{k}", day.strftime(form), x, y, kind, f"B{rng.randrange(6)}"])
    return rows


def as_csv(header: list[str], rows: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    return stream.getvalue().encode()


@pytest.fixture
def burglaries() -> bytes:
    return as_csv(HEADER, rows_of_burglaries())


MAPPING = {
    "time_start": "Datum",
    "time_formats": "%d.%m.%Y\n%Y-%m-%d",
    "place_x": "Laenge",
    "place_y": "Breite",
    "place_crs": "EPSG:4326",
    "place_required": "on",
    "type_column": "Delikt",
    "id": "Fall",
    "duplicates": "reject",
    "encoding": "utf-8",
    "decimal": ".",
    "delimiter": ",",
    "keep": ["Bezirk"],
}


@pytest.fixture
def address(city: Any) -> Callable[..., str]:
    """The address of a page of Lakeside's data."""

    def make(name: str, *args: Any) -> str:
        return reverse(f"data:{name}", args=["lakeside", *args])

    return make


@pytest.fixture
def send(client_of: Any, address: Any) -> Callable[..., Upload]:
    """Send a file by the plain form; the run that looks at it is worked off."""

    def make(
        dataset: Any,
        content: bytes,
        *,
        name: str = "burglaries.csv",
        role: str = "analyst",
        drop: str = "",
        work: bool = True,
    ) -> Upload:
        client = client_of(role)
        answer = client.post(
            address("bring", dataset.slug),
            {"file": SimpleUploadedFile(name, content), "drop": drop},
        )
        assert answer.status_code == 302, answer.content.decode()
        client.get(answer["Location"])
        if work:
            work_off()
        upload: Upload = Upload.objects.everywhere("test").latest("pk")
        return upload

    return make


@pytest.fixture
def import_burglaries(
    send: Any, client_of: Any, address: Any, burglaries: bytes
) -> Callable[..., Any]:
    """Bring a data set its first version, all steps through the pages."""

    def make(dataset: Any, content: bytes | None = None, **fields: Any) -> Any:
        upload = send(dataset, content or burglaries)
        client = client_of("analyst")
        client.post(address("mapping", upload.pk), {**MAPPING, **fields, "done": "1"})
        work_off()
        client.post(address("check", upload.pk))
        work_off()
        dataset.refresh_from_db()
        return dataset.current

    return make
