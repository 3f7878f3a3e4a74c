"""Whatever is sent to whatever address: an answer with a sentence, never a fault of ours."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
PARTS = "multipart/form-data; boundary=edge"

Send = Callable[[Client, str], Any]


def get(query: str) -> Send:
    return lambda client, address: client.generic("GET", address, QUERY_STRING=query)


def post(body: bytes, kind: str, **headers: Any) -> Send:
    return lambda client, address: client.generic("POST", address, body, kind, **headers)


def part(name: bytes, content: bytes) -> bytes:
    return b'--edge\r\nContent-Disposition: form-data; name="' + name + b'"\r\n\r\n' + content


NAMES = (
    "page limit offset run plan number pk first last before after period from until kind action "
    "as q name email next dataset source block certainty iccs areas place_detail time_detail "
    "fields state code key organisation role membership days scopes title text comment decision "
    "agreements parties starts_on expires_on purpose reason fields_wanted size drop offset digest "
    "mapping codebook preset crs language theme brand link link_dark x y terms sort"
).split()
ODD = (
    "-1",
    "0",
    "1" * 30,
    "9" * 5000,
    "1e999",
    "NaN",
    "²",
    "٣",
    "\ud7ff\uffff",
    "' OR 1=1 --",
    "{{7*7}}",
    "../../../../etc/passwd",
    "0001-01-01",
    "9999-12-31",
    "[" * 2000,
)


def fields(value: str) -> str:
    from urllib.parse import quote

    return "&".join(f"{name}={quote(value)}" for name in NAMES)


REQUESTS: dict[str, Send] = {
    **{f"query {value[:12]!r}": get(fields(value)) for value in ODD},
    **{f"form {value[:12]!r}": post(fields(value).encode(), FORM) for value in ODD},
    "query without meaning": get("%ff=%fe&%00a=%00&=&&;;&a[]=1&page=%C3%28"),
    "query with a zero byte": get("name=a%00b&page=%00"),
    "form with a zero byte": post(b"name=a%00b&email=%00&title=%00&text=a%00&code=%00", FORM),
    "form that is no UTF-8": post(b"name=%ff%fe&email=%c3%28&title=\xff\xfe&text=\x80", FORM),
    "form with half characters": post(b"name=%ed%a0%80&title=%ed%a0%80&text=%ed%a0%80", FORM),
    "ten thousand fields": post(b"&".join(b"a%d=1" % i for i in range(10_000)), FORM),
    "seven megabytes": post(b"name=" + b"a" * 7 * 2**20, FORM),
    "form that is JSON": post(b'{"name": 1}', FORM),
    "JSON that is a form": post(b"name=1", JSON),
    "JSON that ends early": post(b'{"name": ', JSON),
    "JSON without end": post(b"[" * 100_000, JSON),
    "JSON nested deeply": post(b'{"a":' * 50_000 + b"1" + b"}" * 50_000, JSON),
    "JSON that is no object": post(b"7", JSON),
    "JSON of odd numbers": post(b'{"place_detail": 1e999, "days": NaN, "name": -0}', JSON),
    "JSON that is no UTF-8": post(b'{"name": "\xff"}', JSON),
    "JSON with half characters": post(json.dumps(dict.fromkeys(NAMES, "�")).encode(), JSON),
    "JSON with zero bytes": post(json.dumps(dict.fromkeys(NAMES, "a\x00b")).encode(), JSON),
    "JSON with all sorts": post(
        json.dumps({name: [{"$ne": None}, 10**400, {}] for name in NAMES}).encode(), JSON
    ),
    "parts without a boundary": post(b"abc", "multipart/form-data"),
    "parts with a boundary of odd letters": post(b"abc", "multipart/form-data; boundary=\xff\r\n"),
    "parts that end early": post(part(b"file", b"abc"), PARTS),
    "parts of odd names": post(part(b"\x00\xff", b"\xff\x00") + b"\r\n--edge--\r\n", PARTS),
    "parts of another encoding": post(
        b'--edge\r\nContent-Disposition: form-data; name="a"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--edge--\r\n",
        PARTS,
    ),
    "two hundred files": post(
        b"".join(
            b'--edge\r\nContent-Disposition: form-data; name="file"; filename="%d"\r\n\r\nx\r\n' % i
            for i in range(200)
        )
        + b"--edge--\r\n",
        PARTS,
    ),
    "an unknown content type": post(b"\x00\x01", "application/x-unknown; charset=nothing"),
    "a charset that does not exist": post(b"name=a", FORM + "; charset=nothing"),
    "a content type of nonsense": post(b"name=a", "\xff/;;=;"),
    "a length that is no number": post(b"name=a", FORM, CONTENT_LENGTH="many"),
    "a length below nothing": post(b"name=a", FORM, CONTENT_LENGTH="-5"),
    "cookies of nonsense": lambda client, address: client.get(
        address,
        headers={"cookie": "sessionid=\x01;csrftoken=\xff; theme=<x>; django_language=../x; ;;=="},
    ),
    "an authorisation of nonsense": lambda client, address: client.get(
        address, headers={"authorization": "Bearer \xff\x00 " + "a" * 9000}
    ),
    "a method that does not exist": lambda client, address: client.generic("BREW", address),
    "another method": lambda client, address: client.generic("PATCH", address, b"{", JSON),
    "languages of nonsense": lambda client, address: client.get(
        address, headers={"accept-language": "x" * 5000, "accept": "\xff", "range": "bytes=a-"}
    ),
    "a fragment that is asked for oddly": lambda client, address: client.get(
        address,
        headers={"hx-request": "true", "hx-current-url": "javascript:\xff", "hx-target": "<"},
    ),
    "a past that never was": lambda client, address: client.get(
        address, headers={"if-modified-since": "yesterday", "if-none-match": '"' * 99}
    ),
}


EVERY = int(os.environ.get("COMMONLIGHT_EVERY_NTH_ADDRESS", "20"))
"""Each sort of nonsense goes to every 20th address, each to other ones, and on PostgreSQL to those
in the middle between the ones on SQLite; 1 sends it to all."""


@pytest.mark.parametrize("sort", sorted(REQUESTS))
def test_every_address_answers_what_makes_no_sense_with_a_sentence(
    sort: str, targets: Any, people: Any, client_of: Any
):
    wrong = []
    client = client_of("coordinator")
    client.raise_request_exception = False
    cookies = client.cookies.output()
    first = sorted(REQUESTS).index(sort) + EVERY // 2 * (connection.vendor == "postgresql")
    for route, address in targets[first % EVERY :: EVERY]:
        answer = REQUESTS[sort](client, address)
        if answer.status_code >= 500 or not says_something(answer):
            wrong.append(f"{route}: {answer.status_code} {fault_of(answer)}")
        if client.cookies.output() != cookies or route.endswith("logout/"):
            client = client_of("coordinator")
            client.raise_request_exception = False
            cookies = client.cookies.output()
    assert wrong == []


def says_something(answer: Any) -> bool:
    """An error has a text of its own."""
    return answer.status_code < 400 or len(answer.getvalue()) > 30


def fault_of(answer: Any) -> str:
    found = getattr(answer, "exc_info", None)
    return f"{found[0].__name__}: {found[1]}"[:200] if found else ""


HOSTS = ("", "evil.example", "localhost:99999999", "localhost\r\nX: 1", "[", "a" * 300, "\xff")


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused(host: str, city: Any, settings: Any):
    settings.ALLOWED_HOSTS = ["commonlight.example"]
    client = Client(raise_request_exception=False)
    for address in ("/", "/api/v1/workspaces", "/public/lakeside/", "/accounts/login/"):
        answer = client.get(address, headers={"host": host} if host else {"host": " "})
        assert answer.status_code == 400, (host, address)
        assert "evil.example" not in answer.getvalue().decode()


def long_addresses() -> Iterator[str]:
    yield "/w/" + "a" * 20_000 + "/"
    yield "/w/lakeside/findings/" + "9" * 5000 + "/trend/"
    yield "/w/lakeside/runs/" + "9" * 40 + "/"
    yield "/public/lakeside/findings/" + "9" * 40 + "/"
    yield "/api/v1/workspaces/lakeside/runs/" + "9" * 40
    yield "/api/v1/workspaces/lakeside/runs/-9"
    yield "/api/v1/workspaces/lakeside/agreements/" + "9" * 5000
    yield "/w/lakeside/data/burglary/versions/" + "9" * 30 + "/"
    yield "/w/lakeside/findings/1/%00/"
    yield "/w/lakeside/findings/1/%ff%fe/"
    yield "/w/%F0%9F%92%A9/"
    yield "/w/lakeside/findings/?run=" + "9" * 5000
    yield "/w/lakeside/findings/?run=" + "9" * 30
    yield "/w/lakeside/divergence/?run=" + "9" * 30
    yield "/w/lakeside/releases/propose/?run=" + "9" * 5000
    yield "//evil.example/"
    yield "/\\evil.example"
    yield "/w/lakeside/../../etc/passwd"
    yield "/static/../../../../etc/passwd"
    yield "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd"


@pytest.mark.parametrize("address", list(long_addresses()), ids=lambda one: one[:60])
def test_an_address_that_nobody_made_answers_that_there_is_no_such_page(
    address: str, things: Any, client_of: Any
):
    client = client_of("coordinator")
    client.raise_request_exception = False
    answer = client.get(address)
    assert answer.status_code < 500, fault_of(answer)
    assert b"root:" not in answer.getvalue()
