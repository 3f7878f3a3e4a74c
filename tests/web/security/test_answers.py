"""Every answer carries its guards: errors, files and static files too; and every form its token."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from processes import PATIENCE

GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def lacking(answer: Any) -> list[str]:
    """The guards that an answer has not."""
    found = [name for name, value in GUARDS.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy or "*" in policy:
        found.append(f"policy: {policy}")
    if "sandbox" not in policy and "frame-ancestors 'none'" not in policy:
        found.append("frames")
    return found


def test_every_answer_carries_its_guards(targets: Any, client_of: Any, people: Any) -> None:
    client = client_of("coordinator")
    client.raise_request_exception = False
    more = ["/nothing/", "/w/elsewhere/", "/%00", "/static/ui/tokens.css", "/static/none.css"]
    wrong = []
    for address in [*(one for route, one in targets if "logout" not in route), *more]:
        answer = client.get(address)
        answer.getvalue()
        found = lacking(answer)
        if address.startswith("/static/"):
            found = [one for one in found if not one.startswith(("policy", "frames"))]
        if found:
            wrong.append(f"{address}: {answer.status_code} {found}")
    assert wrong == []


def test_files_are_taken_away_and_never_shown(audit: Any, client_of: Any, people: Any) -> None:
    """What people brought, and what was made of it, is a download in a sandbox."""
    done = audit()
    key = f"/w/lakeside/findings/{done.run.pk}/{done.keys[0]}"
    client = client_of("analyst")
    for name in ("table.csv", "finding.json", "chart.svg", "map.svg", "map.geojson"):
        answer = client.get(f"{key}/files/{name}")
        assert answer.headers["Content-Disposition"].startswith("attachment"), name
        assert "sandbox" in answer.headers["Content-Security-Policy"], name
    report = client.get(f"/w/lakeside/findings/{done.run.pk}/report.html")
    policy = report.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "allow-" not in policy


def test_no_form_is_taken_without_its_token(targets: Any, people: Any) -> None:
    """But for languages and colours, and the interface, which asks for it with a cookie."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        people["coordinator"], backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    client.raise_request_exception = False
    wrong = []
    for route, address in targets:
        answer = client.post(address, {"name": "x"})
        known = ("-choice/", "/health/", "/static/")
        if answer.status_code not in (400, 403, 404, 405, 415) and not any(
            one in route for one in known
        ):
            wrong.append(f"{route}: {answer.status_code}")
    assert wrong == []


def test_a_form_from_another_site_is_refused(people: Any, city: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/accounts/login/")
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.content)
    assert token is not None
    given = {"login": "a@example.org", "password": "x", "csrfmiddlewaretoken": token[1].decode()}
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        answer = client.post("/accounts/login/", given, headers={"origin": origin})
        assert answer.status_code == 403, origin


def test_a_token_in_an_address_opens_nothing(people: Any, actor_of: Any, city: Any) -> None:
    from commonlight.web.api.tokens import make_token

    _, secret = make_token(actor_of("coordinator"), name="T", scopes=["data.list"], days=1)
    place = "/api/v1/workspaces/lakeside/datasets"
    assert Client().get(place, headers={"authorization": f"Bearer {secret}"}).status_code == 200
    for query in ("token", "access_token", "api_key", "authorization", "key"):
        assert Client().get(f"{place}?{query}={secret}").status_code == 401, query


def test_the_home_folder_is_its_owners_alone(tmp_path: Path) -> None:
    """Whoever else has an account on the machine reads neither database nor files."""
    home = tmp_path / "home"
    code = (
        "import os; os.umask(0o022)\n"
        "from pathlib import Path\n"
        "from commonlight.web.config.start import start_django\n"
        f"start_django(Path({str(home)!r}), needs_database=False)\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', 'workspaces', verbosity=0)\n"
        "from commonlight.web.workspaces.models import Workspace\n"
        "place = Workspace.objects.create(slug='a', name='A', city='A')\n"
        "place.files_folder.mkdir(parents=True)\n"
        "(place.files_folder / 'one.csv').write_text('x')\n"
    )
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("COMMONLIGHT", "DJANGO"))}
    subprocess.run([sys.executable, "-c", code], check=True, env=kept, timeout=PATIENCE)
    open_to_others = [
        str(path.relative_to(tmp_path))
        for path in [home, *home.rglob("*")]
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    assert open_to_others == []


@pytest.mark.parametrize("host", ["partnership.example.org", "192.0.2.7", "*", ".example.org"])
def test_no_demo_where_others_reach_it(host: str, tmp_path: Path) -> None:
    from django.core.exceptions import ImproperlyConfigured

    from commonlight.web.config.environment import read_environment

    with pytest.raises(ImproperlyConfigured, match="without a password"):
        read_environment(
            {
                "COMMONLIGHT_HOME": str(tmp_path),
                "COMMONLIGHT_DEMO": "1",
                "COMMONLIGHT_HOSTS": host,
                "COMMONLIGHT_SECRET_KEY": "x" * 40,
            }
        )


def test_outside_a_demo_nobody_becomes_anybody(people: Any, settings: Any) -> None:
    assert not settings.COMMONLIGHT_DEMO
    client = Client()
    assert client.get("/demo/").status_code == 404
    for role in ("coordinator", "analyst"):
        assert client.post(f"/demo/{role}/").status_code == 404
    assert "_auth_user_id" not in client.session
