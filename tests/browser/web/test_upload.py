"""A file comes in through a real browser: in pieces, with a lost connection, and without script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from browser.pictures import shot
from commonlight.web.runs.worker import work_off
from web.data import conftest as own

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PIECE = 4 * 2**20


address, send, burglaries = own.address, own.send, own.burglaries
import_burglaries = own.import_burglaries


def test_from_a_file_to_a_version_with_rejected_rows(
    page_of: Any, dataset: Any, burglaries: bytes, address: Any, tmp_path: Path
) -> None:
    burglary = dataset()
    source = tmp_path / "burglaries.csv"
    source.write_bytes(burglaries)
    page = page_of("analyst", viewport={"width": 1200, "height": 900})
    page.goto(address("bring", burglary.slug))
    page.set_input_files("#id_file", str(source))
    page.get_by_role("button", name="Send the file").click()
    page.wait_for_url("**/uploads/*/")
    work_off()
    page.reload()
    assert page.get_by_role("heading", name="First look").is_visible()
    shot(page, "wizard")
    page.get_by_role("link", name="Say what the columns are").click()
    shot(page, "mapping")
    page.get_by_label("How times are written").fill("%d.%m.%Y\n%Y-%m-%d")
    page.get_by_label("Identifier of the record").select_option("Fall")
    page.wait_for_timeout(1500)
    work_off()
    page.get_by_text("392 would be accepted and 8 rejected").wait_for()
    page.get_by_role("button", name="Keep these answers").click()
    page.wait_for_url("**/uploads/*/")
    work_off()
    page.reload()
    page.get_by_role("link", name="Name the offence classes").click()
    shot(page, "classes")
    page.get_by_label("Wohnungseinbruch").select_option("0501")
    page.get_by_role("button", name="Keep the classes").click()
    work_off()
    page.reload()
    page.get_by_role("link", name="Check and import").click()
    shot(page, "check")
    page.get_by_role("button", name="Import the file").click()
    page.get_by_role("heading", name="The file is being imported").wait_for()
    work_off()
    page.get_by_text("392 accepted + 8 rejected = 400 read").wait_for()
    page.get_by_role("link", name="See the rejected rows and why").click()
    shot(page, "rejected")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Download all rejected rows").click()
    assert "coordinates are (0, 0)" in Path(fetched.value.path()).read_text("utf-8-sig")


def test_a_lost_connection_and_a_reload_cost_one_piece(
    page_of: Any, dataset: Any, address: Any, tmp_path: Path
) -> None:
    burglary = dataset()
    source = tmp_path / "large.csv"
    source.write_bytes(b"day,area\n" + b"2024-01-01,A\n" * 1_000_000)
    page = page_of("analyst")
    offsets: list[str] = []

    def cut(route: Any) -> None:
        offsets.append(route.request.headers["upload-offset"])
        if len(offsets) in (2, 3):
            route.abort()
        else:
            route.continue_()

    page.route("**/piece/", cut)
    page.goto(address("bring", burglary.slug))
    page.set_input_files("#id_file", str(source))
    page.get_by_role("button", name="Send the file").click()
    page.get_by_text("The connection was lost").wait_for()
    page.reload()
    assert page.get_by_text("A file has not arrived whole").is_visible()
    page.set_input_files("#id_file", str(source))
    page.get_by_role("button", name="Send the file").click()
    page.wait_for_url("**/uploads/*/")
    assert offsets[0] == "0"
    assert offsets.count("0") == 1
    assert str(PIECE) in offsets[3:] or offsets[3:] == [str(2 * PIECE), str(3 * PIECE)]


def test_names_of_persons_stop_the_file(
    page_of: Any, dataset: Any, address: Any, tmp_path: Path, city: Any
) -> None:
    burglary = dataset()
    rows = "".join(f"2024-01-{k % 27 + 1:02d},Anna Meier\n" for k in range(50))
    source = tmp_path / "victims.csv"
    source.write_text(f"Datum,Name des Opfers\n{rows}")
    page = page_of("analyst")
    page.goto(address("bring", burglary.slug))
    page.set_input_files("#id_file", str(source))
    page.get_by_role("button", name="Send the file").click()
    page.wait_for_url("**/uploads/*/")
    work_off()
    page.get_by_role("heading", name="This file was refused").wait_for()
    assert page.get_by_text("Name des Opfers").is_visible()
    shot(page, "refused")
    assert not [path for path in city.workspace.uploads_folder.rglob("*") if path.is_file()]


def test_all_steps_without_script(
    page_of: Any, dataset: Any, burglaries: bytes, address: Any, tmp_path: Path
) -> None:
    burglary = dataset()
    source = tmp_path / "burglaries.csv"
    source.write_bytes(burglaries)
    page = page_of("analyst", java_script_enabled=False)
    page.goto(address("bring", burglary.slug))
    page.set_input_files("#id_file", str(source))
    page.get_by_role("button", name="Send the file").click()
    assert page.get_by_text("Load this page again to see how far it is").count() == 1
    work_off()
    page.reload()
    page.get_by_role("link", name="Say what the columns are").click()
    page.get_by_label("How times are written").fill("%d.%m.%Y\n%Y-%m-%d")
    page.get_by_role("button", name="Preview").click()
    work_off()
    page.reload()
    assert page.get_by_text("392 would be accepted").count() == 1
    page.get_by_role("button", name="Keep these answers").click()
    page.get_by_role("link", name="Check and import").click()
    page.get_by_role("button", name="Import the file").click()
    work_off()
    page.reload()
    assert page.get_by_text("392 accepted + 8 rejected = 400 read").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
def test_pages_are_accessible_and_fit(
    page_of: Any,
    dataset: Any,
    address: Any,
    import_burglaries: Any,
    send: Any,
    burglaries: bytes,
    signed_agreement: Any,
    city: Any,
    theme: str,
    width: int,
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    burglary = dataset()
    dataset("lamps", owner=city.municipality)
    import_burglaries(burglary)
    signed_agreement(burglary, receivers=(city.youth_work,))
    upload = send(burglary, burglaries)
    pages = {
        "list": address("list"),
        "dataset": address("dataset", burglary.slug),
        "version": address("version", burglary.slug, 1),
        "rejected": address("rejected", burglary.slug, 1),
        "upload": address("bring", burglary.slug),
        "wizard": address("upload", upload.pk),
        "mapping": address("mapping", upload.pk),
        "classes": address("classes", upload.pk),
        "check": address("check", upload.pk),
        "export": address("export", burglary.slug),
        "new": address("new"),
    }
    page = page_of("analyst", color_scheme=theme, viewport={"width": width, "height": 800})
    faults, wide = {}, {}
    for name, where in pages.items():
        page.goto(where)
        shot(page, f"{name}-{theme}-{width}")
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARD}})
        if found.response["violations"]:
            faults[name] = [
                (one["id"], one["nodes"][0]["html"][:160]) for one in found.response["violations"]
            ]
        over = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            wide[name] = over
    assert faults == {}
    assert wide == {}
