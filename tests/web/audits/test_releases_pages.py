"""Two persons release, one alone never; and what everybody sees then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commonlight.web.audits.domain import releases
from commonlight.web.audits.models import Release, StoredFinding
from commonlight.web.eventlog.models import Event
from commonlight.web.policy import Refused, decide

PROPOSE = "/w/lakeside/releases/propose/"


def answers(city: Any, done: Any, **changes: Any) -> dict[str, Any]:
    found = StoredFinding.objects.of(city.workspace).filter(run=done.run)
    given = {
        "title": "Burglary 2024",
        "text": "What the counts say.",
        "findings": [str(one.pk) for one in found],
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def public(release: Any, key: str, rest: str = "") -> str:
    return f"/public/lakeside/findings/{release.number}/{key}/{rest}"


def test_answers_are_checked_before_a_proposal_is_sent(
    audit: Any, client_of: Any, city: Any
) -> None:
    done = audit()
    client = client_of("analyst")
    checked = client.post(PROPOSE, answers(city, done)).content.decode()
    assert "Check your answers" in checked
    assert f"Public sentence {done.keys[0]}." in checked
    assert not Release.objects.of(city.workspace).exists()
    sent = client.post(PROPOSE, answers(city, done, send="1"), follow=True)
    assert "A second person must check it" in sent.content.decode()
    made = Release.objects.of(city.workspace).get()
    assert (made.number, made.state, made.findings.count()) == (1, "proposed", 2)


def test_the_sentences_to_choose_from_name_their_language(audit: Any, client_of: Any) -> None:
    done = audit()
    text = client_of("analyst").get(PROPOSE).content.decode()
    assert f'<span lang="en" dir="ltr">Public sentence {done.keys[0]}.</span>' in text


def test_changing_the_answers_keeps_what_was_typed(audit: Any, client_of: Any, city: Any) -> None:
    done = audit()
    text = client_of("analyst").post(PROPOSE, answers(city, done, change="1")).content.decode()
    assert 'value="Burglary 2024"' in text
    assert "What the counts say." in text


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("title", "The no-go area in the north", "no-go area"),
        ("text", "A no-go area at night.", "Instead:"),
        ("findings", None, "Choose at least one finding."),
        ("title", "", "This field is required"),
    ],
)
def test_words_that_stigmatise_and_gaps_stop_a_proposal(
    audit: Any, client_of: Any, city: Any, field: str, value: Any, told: str
) -> None:
    done = audit()
    given = answers(city, done, send="1", **{field: value})
    text = client_of("analyst").post(PROPOSE, given).content.decode()
    assert told in text
    assert "Error: " in text
    assert not Release.objects.of(city.workspace).exists()


def test_only_visible_findings_with_a_public_face_are_offered(
    audit: Any, client_of: Any, city: Any
) -> None:
    done = audit(2)
    rows = StoredFinding.objects.of(city.workspace)
    rows.filter(key=done.keys[0]).update(public_content=None)
    text = client_of("analyst").get(PROPOSE).content.decode()
    assert done.keys[0] not in text
    assert done.keys[1] in text
    assert done.keys[1] not in client_of("coordinator").get(PROPOSE).content.decode()
    smuggled = answers(city, done, send="1")
    assert client_of("coordinator").post(PROPOSE, smuggled).status_code == 200
    assert not Release.objects.of(city.workspace).exists()


@pytest.mark.parametrize("role", ["partner", "evaluator", "decision_maker"])
def test_who_may_not_propose_is_told_why(audit: Any, client_of: Any, role: str) -> None:
    audit()
    answer = client_of(role).get(PROPOSE)
    assert answer.status_code == 403
    assert b"Your role does not include this." in answer.content


def test_the_author_never_checks_the_own_release(release: Any, client_of: Any) -> None:
    made = release()
    client = client_of("analyst")
    text = client.get(f"/w/lakeside/releases/{made.number}/").content.decode()
    assert "You proposed this release. A second person must check it." in text
    address = f"/w/lakeside/releases/{made.number}/decide/"
    refused = client.post(address, {"decision": "release", "tried": "on"})
    assert refused.status_code == 403
    made.refresh_from_db()
    assert made.state == "proposed"


def test_the_second_person_sees_the_public_faces_and_what_is_withheld(
    release: Any, client_of: Any
) -> None:
    made = release()
    text = client_of("coordinator").get(f"/w/lakeside/releases/{made.number}/").content.decode()
    assert "Public sentence burglary.f1." in text
    assert "Internal sentence" not in text
    assert "Cells withheld" in text
    assert [
        (one.rows, one.withheld_cells) for one in releases.attack_summary(made.findings.all())
    ] == [
        (2, 1),
        (2, 1),
    ]


def test_release_by_a_second_person_keeps_both_in_the_log(
    release: Any, client_of: Any, people: Any
) -> None:
    made = release()
    address = f"/w/lakeside/releases/{made.number}/decide/"
    done = client_of("coordinator").post(address, {"decision": "release", "tried": "on"})
    assert done.status_code == 302
    event = Event.objects.get(action="release.release")
    assert event.actor_id == people["coordinator"].pk
    assert event.detail["proposed_by"] == people["analyst"].pk
    assert event.detail["checked_by"] == people["coordinator"].pk
    assert client_of("anonymous").get(public(made, "burglary.f1")).status_code == 200


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Choose whether to release or to return."),
        ({"decision": "release"}, "Try it first, then tick this."),
        ({"decision": "return"}, "Say what must change."),
        ({"decision": "publish"}, "Select a valid choice"),
    ],
)
def test_a_decision_needs_its_reasons(
    release: Any, client_of: Any, given: dict[str, str], told: str
) -> None:
    made = release()
    address = f"/w/lakeside/releases/{made.number}/decide/"
    text = client_of("coordinator").post(address, given).content.decode()
    assert told in text
    made.refresh_from_db()
    assert made.state == "proposed"


def test_a_return_carries_its_comment(release: Any, client_of: Any) -> None:
    made = release()
    client_of("evaluator").post(
        f"/w/lakeside/releases/{made.number}/decide/",
        {"decision": "return", "comment": "South follows from the total."},
    )
    text = client_of("analyst").get(f"/w/lakeside/releases/{made.number}/").content.decode()
    assert "South follows from the total." in text
    assert client_of("anonymous").get(public(made, "burglary.f1")).status_code == 404


def test_two_decisions_at_once_are_one(release: Any, actor_of: Any) -> None:
    made = release()
    stale = Release.objects.of(made.workspace).get(pk=made.pk)
    releases.let_go(actor_of("coordinator"), made)
    with pytest.raises(Refused, match="Somebody else"):
        releases.send_back(actor_of("evaluator"), stale, comment="no")


def test_who_may_not_see_the_data_may_not_check(
    audit: Any, actor_of: Any, release: Any, city: Any, signed_agreement: Any
) -> None:
    done = audit()
    signed_agreement(done.source, receivers=(city.municipality,))
    made = release(done=done)
    assert decide(actor_of("coordinator"), "release.check", made)
    refused = decide(actor_of("partner"), "release.check", made)
    assert not refused
    assert "Burglary" in str(refused.reason)
    assert not decide(actor_of("stranger"), "release.check", made)


def test_what_waits_is_closed_to_those_who_may_not_see_it(
    audit: Any, release: Any, client_of: Any, city: Any, signed_agreement: Any
) -> None:
    done = audit()
    signed_agreement(done.source, receivers=(city.municipality,))
    made = release(done=done)
    assert client_of("partner").get(f"/w/lakeside/releases/{made.number}/").status_code == 403
    assert client_of("stranger").get(f"/w/lakeside/releases/{made.number}/").status_code == 404


def test_the_public_page_shows_the_public_face_and_nothing_else(
    release: Any, client_of: Any
) -> None:
    made = release(out=True)
    nobody = client_of("anonymous")
    for address in (
        "/public/lakeside/findings/",
        f"/public/lakeside/findings/{made.number}/",
        public(made, "burglary.f1"),
        *(public(made, "burglary.f1", f"files/{name}") for name in ("table.csv", "finding.json")),
        public(made, "burglary.f1", "map-wide.svg"),
        public(made, "burglary.f1", "map.json"),
        public(made, "burglary.f1", "geometry/abc123.geojson"),
    ):
        answer = nobody.get(address)
        assert answer.status_code == 200, address
        assert b"Internal sentence" not in answer.content
        assert b"internal" not in answer.content
        assert not answer.cookies, address
    page = nobody.get(public(made, "burglary.f1")).content.decode()
    assert "Public sentence burglary.f1." in page
    assert "withheld" in page
    assert "files/table.csv" in page


def test_nobody_writes_down_who_reads_public_pages(release: Any, client_of: Any) -> None:
    made = release(out=True)
    before = Event.objects.count()
    for role in ("anonymous", "partner", "stranger"):
        client = client_of(role)
        client.get(public(made, "burglary.f1"))
        client.get(public(made, "burglary.f1", "files/table.csv"))
    assert Event.objects.count() == before


def test_what_was_not_released_is_not_public(audit: Any, release: Any, client_of: Any) -> None:
    made = release()
    nobody = client_of("anonymous")
    assert "burglary" not in nobody.get("/public/lakeside/findings/").content.decode()
    for rest in ("", "files/table.csv", "map.json", "map-wide.svg"):
        assert nobody.get(public(made, "burglary.f1", rest)).status_code == 404
    assert nobody.get("/public/nowhere/findings/").status_code == 404


def test_the_public_report_needs_every_finding(
    audit: Any, release: Any, client_of: Any, city: Any
) -> None:
    made = release(out=True)
    address = f"/public/lakeside/findings/{made.number}/report.pdf"
    answer = client_of("anonymous").get(address)
    assert answer.status_code == 200
    assert b"public" in answer.content
    made.findings.remove(made.findings.first())
    assert client_of("anonymous").get(address).status_code == 404


def test_withdrawal_takes_the_public_pages_away(release: Any, client_of: Any) -> None:
    made = release(out=True)
    client = client_of("coordinator")
    address = f"/w/lakeside/releases/{made.number}/withdraw/"
    assert b"Copies that others made stay with them." in client.get(address).content
    assert client.post(address, {"comment": ""}).status_code == 200
    client.post(address, {"comment": "A cell was wrong."})
    assert client_of("anonymous").get(public(made, "burglary.f1")).status_code == 404
    assert Event.objects.get(action="release.withdraw").detail["reason"] == "A cell was wrong."
    assert client_of("analyst").get(address).status_code == 403


def test_public_findings_go_with_the_agreement_they_rest_on(
    audit: Any, city: Any, actor_of: Any, client_of: Any, signed_agreement: Any
) -> None:
    done = audit()
    agreement = signed_agreement(done.source, receivers=(city.municipality, city.university))
    found = list(StoredFinding.objects.of(city.workspace))
    made = releases.propose(
        actor_of("coordinator"), run=done.run, findings=found, title="T", text=""
    )
    releases.let_go(actor_of("analyst"), made)
    nobody = client_of("anonymous")
    assert nobody.get(public(made, "burglary.f1")).status_code == 200
    agreement.expires_on = timezone.localdate() - timedelta(days=1)
    agreement.save()
    assert nobody.get(public(made, "burglary.f1")).status_code == 404
    assert nobody.get(public(made, "burglary.f1", "files/table.csv")).status_code == 404
    listed = nobody.get("/public/lakeside/findings/").content.decode()
    assert "Public sentence" not in listed
    assert "not shared any more" in listed


def test_as_many_queries_for_three_findings_as_for_one(
    audit: Any, release: Any, client_of: Any
) -> None:
    made = release(out=True, done=audit(3))
    nobody, member = client_of("anonymous"), client_of("coordinator")
    pages = [
        (nobody, "/public/lakeside/findings/"),
        (nobody, f"/public/lakeside/findings/{made.number}/"),
        (member, f"/w/lakeside/releases/{made.number}/"),
        (member, "/w/lakeside/releases/"),
    ]

    def counted() -> list[int]:
        counts = []
        for client, address in pages:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    several = counted()
    for finding in list(made.findings.all())[1:]:
        made.findings.remove(finding)
    assert counted() == several
