"""No name in an address or in a package leads out of its folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

SECRET = "the-secret-of-this-installation"
OUT = (
    "../../../../secret.key",
    "..%2f..%2f..%2f..%2fsecret.key",
    "%2e%2e%2f%2e%2e%2fsecret.key",
    "..\\..\\..\\secret.key",
    "secret.key%00.svg",
)


@pytest.mark.parametrize("name", OUT)
def test_no_part_of_an_address_leads_out(
    name: str, targets: Any, client_of: Any, people: Any, city: Any, settings: Any
) -> None:
    """Each part of each address that holds a name is replaced."""
    home = Path(settings.COMMONLIGHT_HOME)
    home.mkdir(parents=True, exist_ok=True)
    (home / "secret.key").write_text(SECRET)
    client = client_of("coordinator")
    client.raise_request_exception = False
    asked = 0
    for route, address in targets:
        if not re.search(r"<(str|slug|path)?:?(?!workspace)\w+>", route.split("workspace>")[-1]):
            continue
        parts = address.split("/")
        for place in range(3, len(parts)):
            if parts[place]:
                asked += 1
                answer = client.get("/".join([*parts[:place], name, *parts[place + 1 :]]))
                assert answer.status_code < 500, route
                content = answer.getvalue()
                assert SECRET.encode() not in content, route
                assert b"root:" not in content, route
    assert asked > 50


@pytest.mark.parametrize("name", ["../x.jsonl", "/etc/x", "a/../../x", "a\\..\\x", "", "."])
def test_no_name_in_a_package_leads_out(name: str) -> None:
    from commonlight.web.portability.errors import PackageError
    from commonlight.web.portability.manifest import safe_path

    with pytest.raises(PackageError):
        safe_path(name)


@pytest.mark.parametrize("name", ["../../x.csv", "/etc/passwd", "..\\..\\x.csv", "a\0b.csv", "-rf"])
def test_the_name_of_a_sent_file_is_only_a_name(
    name: str, dataset: Any, send: Any, burglaries: bytes, city: Any
) -> None:
    from commonlight.web.data.domain.receiving import path_of

    upload = send(dataset(), burglaries, name=f"{name}.csv", work=False)
    path = path_of(upload)
    assert path.resolve().is_relative_to(city.workspace.uploads_folder.resolve())
    assert "\0" not in upload.file_name
    assert "/" not in upload.file_name
