"""A workspace moves into another installation; there an agreement ends, and its data are gone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from browser.web.journeys import installation, people
from browser.web.journeys.installation import Workbench
from browser.web.journeys.looking import look_here
from processes import until

pytestmark = pytest.mark.browser

HOME = "/w/lindhafen/"
CRIME = f"{HOME}data/recorded-crime/"
API = "/api/v1/workspaces/lindhafen"
ENDED = "UPDATE agreements_agreement SET expires_on = date('now', '-1 day') WHERE number IN (1, 3)"


@dataclass
class Moved:
    """The second installation, with the words that its import printed."""

    workbench: Workbench
    said: str

    def person(self, page: Any, email: str) -> people.Person:
        """Somebody who came along, and sets a new password by the link that was printed."""
        line = next(line for line in self.said.splitlines() if email in line)
        return people.first_password(page, people.Person(email), line)


def test_a_workspace_moves_and_keeps_its_findings_and_its_agreements(
    workbench: Workbench, browse: Callable[..., Any], tmp_path: Path
) -> None:
    export, before = exported(workbench, browse("coordinator"), tmp_path)
    with brought(export, tmp_path / "home") as moved:
        the_same_findings_are_shown(moved, before, browse(url=moved.workbench.url))
        an_ended_agreement_shows_nothing(moved, browse(url=moved.workbench.url))


def exported(workbench: Workbench, page: Any, folder: Path) -> tuple[Path, list[str]]:
    """The demo's workspace as files, and its findings at that moment.

    Other journeys may work on the same installation meanwhile; then it is exported once more.
    """
    numbers = count()

    def once() -> tuple[Path, list[str]] | None:
        before = findings_of(page)
        export = folder / f"export-{next(numbers)}"
        workbench.command("workspace", "export", "lindhafen", "--to", str(export))
        return (export, before) if findings_of(page) == before else None

    found: tuple[Path, list[str]] = until(once)
    return found


@contextmanager
def brought(export: Path, home: Path) -> Iterator[Moved]:
    """A home of its own with the workspace, brought there by the commands."""
    other = Workbench("", home)
    other.command("migrate")
    said = other.command("workspace", "import", str(export))
    with installation.running(home) as second:
        yield Moved(second, said)


def findings_of(page: Any) -> list[str]:
    """The sentences of the findings page, in their order."""
    page.goto(f"{HOME}findings/")
    return [str(text) for text in page.locator("main .sentence").all_inner_texts()]


def the_same_findings_are_shown(moved: Moved, before: list[str], page: Any) -> None:
    assert len(before) > 40
    assert page.goto("/demo/").status == 404
    person = moved.person(page, "coordinator@lindhafen.example")
    people.sign_in_simply(page, person, to=HOME)
    assert findings_of(page) == before
    page.locator("main a[href$='recorded-crime.rates/']").first.click()
    page.locator("figure.area-map").scroll_into_view_if_needed()
    page.locator("figure.area-map[data-drawn=yes]").wait_for()
    page.goto("/public/lindhafen/findings/")
    assert "Safety in Lindhafen: what the audit of 2025 found" in page.locator("main").inner_text()
    assert page.context.request.get(f"{CRIME}versions/1/").status == 200
    moved.workbench.command("log", "verify", "lindhafen")


def an_ended_agreement_shows_nothing(moved: Moved, page: Any) -> None:
    """The day after its end."""
    person = moved.person(page, "evaluator@lindhafen.example")
    people.sign_in_simply(page, person, to=HOME)
    token, made = a_token(page), an_export(page)
    open_now = [CRIME, f"{CRIME}export/", f"{CRIME}versions/1/", made, report_of(page)]
    finding = finding_of(page)
    files = [f"{finding}files/table.csv", f"{finding}map-wide.svg", f"{finding}map.json"]
    assert statuses(page, [*open_now, finding, *files]) == {200}
    assert by_token(page, token, "/datasets/recorded-crime").status == 200
    findings = findings_of(page)

    assert moved.workbench.change(ENDED) == 2

    assert statuses(page, [*open_now, finding, *files]) == {403}
    answer = by_token(page, token, "/datasets/recorded-crime")
    assert answer.status == 403
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "ended" in answer.json()["detail"] or "expired" in answer.json()["detail"]
    left = findings_of(page)
    assert left
    assert not set(left) & {one for one in findings if "incidents" in one.lower()}
    said = page.locator("main").inner_text()
    assert "findings rest on data that you may not see" in said
    assert look_here(page) == []
    page.goto(f"{HOME}data/")
    row = page.get_by_role("row").filter(has_text="Recorded incidents")
    assert row.get_by_role("link").count() == 0
    page.goto(CRIME)
    assert look_here(page) == []


def statuses(page: Any, addresses: list[str]) -> set[int]:
    """How the addresses answer."""
    found = {one: page.context.request.get(one).status for one in addresses}
    assert len(set(found.values())) == 1, found
    return set(found.values())


def a_token(page: Any) -> str:
    """A token for a program, made by the page."""
    page.goto(f"{HOME}tokens/")
    page.get_by_label("What is it for?").fill("nightly copy")
    for box in page.locator("input[name=scopes]").all():
        box.check()
    page.get_by_role("button", name="Make token").click()
    return str(page.get_by_label("Your new token").input_value())


def by_token(page: Any, token: str, path: str) -> Any:
    """What the interface for programs answers."""
    headers = {"Authorization": f"Bearer {token}"}
    return page.context.request.get(f"{API}{path}", headers=headers)


def an_export(page: Any) -> str:
    """The address of a file of an export that was made while the agreement was in force."""
    page.goto(f"{CRIME}export/")
    page.get_by_label("Place", exact=True).select_option("area")
    page.get_by_label("Time", exact=True).select_option("month")
    page.get_by_role("button", name="Make the export").click()
    link = page.locator("main a[download]").first
    link.wait_for()
    return str(link.get_attribute("href"))


def report_of(page: Any) -> str:
    """The address of the report that is stored with the audit."""
    page.goto(f"{HOME}findings/")
    link = page.get_by_role("link", name="Open the report as one page")
    return str(link.get_attribute("href"))


def finding_of(page: Any) -> str:
    """The address of a finding that rests on what the police recorded."""
    link = page.locator("main a[href$='recorded-crime.rates/']").first
    address = str(link.get_attribute("href"))
    assert re.fullmatch(rf"{HOME}findings/\d+/recorded-crime.rates/", address)
    return address
