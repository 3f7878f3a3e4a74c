"""Whatever text people write stays text: in every field of every table, on every page.

The fields are found, not listed: a new field is in it on the day it is made.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from commonlight.web.accounts.models import User
from commonlight.web.workspaces.models import Workspace
from commonlight.web.workspaces.scope import WorkspaceModel

EVIL = "\"'><mark7 onerror=x()>{{ 7|add:70000 }}{% now 'Y' %}&lt;mark7&gt;"
SHORT = '"><mark7>'
RAW = re.compile(r"<mark7|70007")
"""A marker that became an element, or a template that was computed."""

#: Fields whose text is a key, a digest, a choice or an address of a file, not what people write.
KEYS = {
    "slug",
    "key",
    "kind",
    "state",
    "role",
    "lane",
    "digest",
    "text_digest",
    "code_digest",
    "fingerprint",
    "lake_version",
    "file",
    "result_folder",
    "block",
    "certainty",
    "place_detail",
    "time_detail",
    "email",
    "password",
    "time_zone",
    "method_page",
    "worker",
    "claim_key",
    "ground_key",
    "source_key",
    "practice",
    "principle",
    "weights",
}
SHORTEST = 41
"""No text that people write is held to fewer letters: what is shorter is a key into our content."""

#: The title of a run is a text of ours, with places for what people named; a model of principles
#: is a file that is checked as a whole before it is kept.
OURS = ("runs.Run.title", "assessment.KeptModel.content", "assessment.KeptModel.name")
#: Members of JSON that are keys: what looks a thing up, draws a chart, or names a file.
INSIDE = {
    "kind",
    "name",
    "page",
    "id",
    "block",
    "certainty",
    "geometry",
    "ground",
    "class",
    "code",
    "finding",
    "schema",
    "dataset",
    "areas",
    "period",
    "digest",
    "at",
    "state",
    "scale",
    "logo",
    "light",
    "dark",
    "plan",
    "unit_kind",
    "first_day",
    "last_day",
    "column",
    "month",
}
ROLES = ("coordinator", "analyst", "partner")


def evil_for(field: Any) -> str:
    limit = field.max_length or 10_000
    if limit < SHORTEST:
        return ""
    return EVIL if limit >= len(EVIL) else SHORT


def poison(value: Any) -> Any:
    """The same JSON with every text that is no key made evil."""
    if isinstance(value, dict):
        return {k: v if k in INSIDE else poison(v) for k, v in value.items()}
    if isinstance(value, list):
        return [poison(one) for one in value]
    return EVIL if isinstance(value, str) and (" " in value or value.istitle()) else value


def poison_everything() -> int:
    """Make every text of every row evil; returns how many fields that were."""
    count = 0
    found = [one for one in apps.get_models() if issubclass(one, WorkspaceModel)]
    for model in [*found, Workspace, User]:
        for row in model._base_manager.all():
            changed = {}
            for field in model._meta.concrete_fields:
                if field.name in KEYS or field.choices or str(field) in OURS:
                    continue
                if isinstance(field, models.CharField | models.TextField):
                    changed[field.name] = evil_for(field) or getattr(row, field.name)
                elif isinstance(field, models.JSONField):
                    changed[field.name] = poison(getattr(row, field.name))
            if changed:
                if field_of_name(model):
                    changed[field_of_name(model)] = f"{EVIL}{row.pk}"
                model._base_manager.filter(pk=row.pk).update(**changed)
                count += len(changed)
    return count


def field_of_name(model: Any) -> str:
    """The field whose text must differ from row to row."""
    names = {name for one in model._meta.constraints for name in getattr(one, "fields", ())}
    return "name" if "name" in names else ""


class Page(HTMLParser):
    """Looks for elements and attributes that no template of ours writes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "mark7":
            self.faults.append("an element out of text")
        for name, value in given.items():
            if name.startswith("on") or name == "style" or "mark7" in name:
                self.faults.append(f"attribute {name}")
            target = value.strip().lower()
            if name in ("href", "src", "action", "formaction", "data") and target.startswith(
                ("javascript:", "vbscript:", "data:text")
            ):
                self.faults.append(f"address {value[:40]}")
        if tag == "script" and not given.get("src") and given.get("type") != "application/json":
            self.faults.append("a script in the page")
        if tag == "form" and given.get("method", "").lower() == "post":
            self.forms.append({"action": given.get("action", ""), "fields": {}})
        elif self.forms and tag in ("input", "textarea", "select") and given.get("name"):
            self.forms[-1]["fields"][given["name"]] = given.get("type", tag)


def faults_of(answer: Any) -> list[str]:
    """What of the evil text became more than text."""
    kind = answer.headers.get("Content-Type", "")
    text = answer.getvalue().decode("utf-8", "replace")
    if kind.startswith("text/html"):
        return [*Page(text).faults, *RAW.findall(text)]
    if "svg" in kind or "xml" in kind:
        return RAW.findall(text)
    return [] if answer.headers.get("X-Content-Type-Options") == "nosniff" else ["may be guessed"]


@pytest.fixture
def evil_city(things: Any, release: Any, audit: Any, actor_of: Any, city: Any) -> Any:
    """Everything there is, each of its texts evil."""
    done = audit(slug="second", source=things_source(city), n=1)
    release(done=done, out=True)
    assert poison_everything() > 60
    return done


def things_source(city: Any) -> Any:
    from commonlight.web.data.models import DataSet

    return DataSet.objects.of(city.workspace).get(slug="burglary")


@pytest.mark.parametrize("role", [*ROLES, "anonymous"])
def test_text_of_every_field_stays_text_on_every_page(
    role: str, evil_city: Any, targets: Any, client_of: Any, people: Any
) -> None:
    client = client_of(role)
    client.raise_request_exception = False
    key = f"/w/lakeside/findings/{evil_city.run.pk}/{evil_city.keys[0]}"
    public = f"/public/lakeside/findings/1/{evil_city.keys[0]}"
    more = [
        f"{key}/",
        f"{key}/map.json",
        f"{key}/chart-wide.svg",
        f"{key}/files/finding.html",
        f"{key}/files/map.svg",
        f"{key}/files/table.csv",
        f"{public}/",
        f"{public}/chart-wide.svg",
        "/w/lakeside/releases/2/",
        "/w/lakeside/findings/?plan=second",
    ]
    wrong, told = [], 0
    for address in [*(one for route, one in targets if "logout" not in route), *more]:
        answer = client.get(address)
        told += b"mark7" in answer.getvalue()
        found = faults_of(answer)
        if found or answer.status_code >= 500:
            wrong.append(f"{address}: {answer.status_code} {sorted(set(found))}")
    assert wrong == []
    assert told > (0 if role == "anonymous" else 10)


@pytest.mark.parametrize("role", ROLES[:2])
def test_what_a_form_shows_again_stays_text(
    role: str, targets: Any, client_of: Any, people: Any
) -> None:
    """Every form of every page is sent with evil text in all of its fields."""
    client = client_of(role)
    client.raise_request_exception = False
    wrong, sent = [], 0
    for route, address in targets:
        if "logout" in route or "language" in route:
            continue
        answer = client.get(address)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for form in Page(answer.getvalue().decode()).forms:
            given = {name: EVIL for name in form["fields"] if name != "csrfmiddlewaretoken"}
            target = form["action"] or address
            if not given or "logout" in target or "language" in target or "end" in target:
                continue
            sent += 1
            again = client.post(target, given)
            found = faults_of(again)
            if found or again.status_code >= 500:
                wrong.append(f"{target}: {again.status_code} {sorted(set(found))}")
            if leads_away(again):
                wrong.append(f"{target}: leads to {again['Location'][:80]}")
    assert wrong == []
    assert sent > 5


def test_what_stands_in_an_address_stays_text(targets: Any, client_of: Any, people: Any) -> None:
    client = client_of("coordinator")
    client.raise_request_exception = False
    names = (
        "q",
        "page",
        "run",
        "plan",
        "source",
        "block",
        "certainty",
        "first",
        "last",
        "kind",
        "action",
        "person",
        "from",
        "to",
        "state",
        "before",
        "after",
        "next",
        "as",
        "iccs",
        "areas",
        "organisation",
        "link",
        "brand",
        "number",
    )
    query = urlencode(dict.fromkeys(names, EVIL))
    wrong = []
    for route, address in targets:
        if "logout" in route:
            continue
        found = faults_of(client.get(f"{address}?{query}"))
        if found:
            wrong.append(f"{address}: {sorted(set(found))}")
    for address in (f"/w/{EVIL}/", f"/public/{EVIL}/", f"/{EVIL}", f"/help/terms/{EVIL}/"):
        found = faults_of(client.get(address.replace("%", "%25")))
        if found:
            wrong.append(f"{address}: {found}")
    assert wrong == []


AWAY = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:x()",
    "https:evil.example",
    " https://evil.example",
    "///evil.example",
    "http:///evil.example",
    "/%09/evil.example",
    "\t//evil.example",
)


def leads_away(answer: Any) -> bool:
    """Whether a redirect leaves the workbench."""
    from urllib.parse import urlsplit

    to = answer.headers.get("Location", "")
    parts = urlsplit(to.strip().replace("\\", "/"))
    return bool(parts.netloc and parts.netloc != "testserver") or parts.scheme == "javascript"


@pytest.mark.parametrize("target", AWAY)
def test_no_address_leads_away(target: str, people: Any, client_of: Any) -> None:
    member, anybody = client_of("coordinator"), Client()
    asked = {"next": target, "language": "de", "theme": "dark", "redirect_to": target}
    sign_in = {"login": people["partner"].email, "password": "a long passphrase", **asked}
    answers = [
        *(one.post("/language-choice/", asked) for one in (member, anybody)),
        *(one.post("/theme-choice/", asked) for one in (member, anybody)),
        member.post("/session/extend/", asked),
        member.get("/accounts/login/", asked),
        anybody.post("/accounts/login/", sign_in),
        anybody.post("/accounts/login/?" + urlencode({"next": target}), sign_in),
        member.post("/accounts/logout/", asked),
    ]
    assert any(answer.status_code == 302 for answer in answers)
    assert [answer.headers["Location"] for answer in answers if leads_away(answer)] == []
