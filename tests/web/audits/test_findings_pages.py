"""The findings page, the page of a finding, its files, the report and the comparison."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commonlight.web.audits.models import StoredFinding
from commonlight.web.eventlog.models import Event
from commonlight.web.runs.models import Run

FILES = ("table.csv", "finding.json", "chart.svg", "map.svg", "map.geojson", "finding.html")


def page(done: Any, key: str | None = None, rest: str = "") -> str:
    return f"/w/lakeside/findings/{done.run.pk}/{key or done.keys[0]}/{rest}"


def every_address(done: Any) -> list[str]:
    """All addresses that show something of the audit's findings."""
    return [
        page(done),
        *(page(done, rest=f"files/{name}") for name in FILES),
        page(done, rest="map.json"),
        page(done, rest="geometry/abc123.geojson"),
        page(done, rest="chart-wide.svg"),
        page(done, rest="map-narrow.svg"),
        f"/w/lakeside/findings/{done.run.pk}/report.html",
        f"/w/lakeside/findings/{done.run.pk}/report.pdf",
    ]


def test_the_list_shows_headline_parts_certainty_and_age(audit: Any, client_of: Any) -> None:
    done = audit()
    text = client_of("analyst").get("/w/lakeside/findings/").content.decode()
    assert text.count(f"Internal sentence {done.keys[0]}.") == 2  # in short, and in its part
    assert f"Internal sentence {done.keys[1]}." in text
    assert "One-sided" in text
    assert "Stored result from" in text
    assert "Problems and concerns" in text
    assert "Public sentence" not in text


def test_the_list_says_how_many_findings_are_kept_back_and_why(audit: Any, client_of: Any) -> None:
    audit()
    text = client_of("partner").get("/w/lakeside/findings/").content.decode()
    assert "Internal sentence" not in text
    assert "2 findings rest on data that you may not see." in text
    assert "Ask Lakeside Police for an agreement." in text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("source=burglary", 2),
        ("certainty=tentative", 0),
        ("certainty=clear&block=problems", 2),
        ("block=victims", 0),
    ],
)
def test_filters_narrow_the_list(audit: Any, client_of: Any, query: str, count: int) -> None:
    audit()
    text = client_of("analyst").get(f"/w/lakeside/findings/?{query}").content.decode()
    assert ("Internal sentence" in text) is bool(count)
    if query:
        assert "Remove all filters" in text


@pytest.mark.parametrize(
    "query",
    [
        "first=2024-06-01&last=2024-01-01",
        "first=2024-06-01",
        "first=nonsense&last=2024-01-01",
        "areas=Nowhere",
        "iccs=99",
        "run=999999999999999999999999",
        "plan=%3Cscript%3E",
    ],
)
def test_wrong_filters_are_told_and_never_a_fault(audit: Any, client_of: Any, query: str) -> None:
    audit()
    answer = client_of("analyst").get(f"/w/lakeside/findings/?{query}")
    assert answer.status_code in (200, 404)
    assert b"<script>" not in answer.content.replace(b'<script type="module"', b"")


def test_a_view_that_is_not_stored_is_offered_and_not_computed(audit: Any, client_of: Any) -> None:
    audit()
    address = "/w/lakeside/findings/?iccs=05"
    text = client_of("analyst").get(address).content.decode()
    assert "Compute this view" in text
    assert "Internal sentence" not in text


def test_a_stored_view_is_shown(audit: Any, client_of: Any) -> None:
    done = audit()
    other = audit(1, source=done.source, plan=done.plan, view={"iccs": ["05"]})
    text = client_of("analyst").get("/w/lakeside/findings/?iccs=05").content.decode()
    assert "Stored result from" in text
    assert f"/findings/{other.run.pk}/" in text
    assert "cannot be released" in text


def test_the_page_of_a_finding_has_all_that_supports_and_limits_it(
    audit: Any, client_of: Any
) -> None:
    done = audit()
    answer = client_of("analyst").get(page(done))
    text = answer.content.decode()
    for said in (
        f"Internal sentence {done.keys[0]}.",
        "The figures would hardly look like this by chance alone.",
        "rests on police records alone",
        "Counts are no risks.",
        "North is &lt;b&gt;first&lt;/b&gt;.",
        "/help/methods/counting/",
        "aaaaaaaaaaaa",
        f"http://testserver{page(done)}",
        "Computed on",
        "Burglaries by area",
        "Source: Burglary.",
    ):
        assert said in text
    assert "<b>first" not in text


def test_an_agreement_is_named_with_its_last_day(
    audit: Any, client_of: Any, city: Any, signed_agreement: Any
) -> None:
    done = audit()
    signed_agreement(done.source, receivers=(city.youth_work,))
    text = client_of("partner").get(page(done)).content.decode()
    assert "Counts for prevention" in text
    assert "After that day this page is gone." in text


def test_reading_of_sensitive_data_is_kept(audit: Any, client_of: Any) -> None:
    done = audit()
    client_of("analyst").get(page(done))
    assert Event.objects.filter(kind="read", action="finding.view").count() == 1


@pytest.mark.parametrize("name", FILES)
def test_each_file_can_be_taken_and_is_logged(audit: Any, client_of: Any, name: str) -> None:
    done = audit()
    answer = client_of("analyst").get(page(done, rest=f"files/{name}"))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    logged = Event.objects.get(kind="export")
    assert logged.detail["file"] == name
    assert b"Public sentence" not in answer.content


def test_a_picture_that_is_taken_says_where_it_comes_from(audit: Any, client_of: Any) -> None:
    done = audit()
    svg = client_of("analyst").get(page(done, rest="files/chart.svg")).content.decode()
    assert "Burglaries by area" in svg
    assert "Source: Burglary." in svg
    assert f"{page(done)}" in svg


def test_the_map_gives_its_source_to_the_script(audit: Any, client_of: Any) -> None:
    done = audit()
    data = json.loads(client_of("analyst").get(page(done, rest="map.json")).content)
    assert data["values"] == [12.0, 3.0]
    assert "Source: Burglary." in data["attribution"]


def test_the_shapes_are_asked_for_again_each_time(audit: Any, client_of: Any) -> None:
    done = audit()
    client = client_of("analyst")
    first = client.get(page(done, rest="geometry/abc123.geojson"))
    again = client.get(
        page(done, rest="geometry/abc123.geojson"), headers={"If-None-Match": first["ETag"]}
    )
    assert (first.status_code, again.status_code) == (200, 304)
    assert client.get(page(done, rest="geometry/zzz.geojson")).status_code == 404


@pytest.mark.parametrize("name", ["nothing.txt", "..%2F..%2Freport.html", "table.csv%00"])
def test_other_files_do_not_exist(audit: Any, client_of: Any, name: str) -> None:
    done = audit()
    assert client_of("analyst").get(page(done, rest=f"files/{name}")).status_code in (400, 404)


def test_the_report_is_shown_under_a_policy_of_its_own(audit: Any, client_of: Any) -> None:
    done = audit()
    answer = client_of("analyst").get(f"/w/lakeside/findings/{done.run.pk}/report.html")
    policy = answer["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "unsafe-inline" not in policy
    assert "'sha256-" in policy
    assert Event.objects.filter(kind="export", detail__file="report.html").exists()


def test_the_report_is_refused_with_the_reason(audit: Any, client_of: Any) -> None:
    done = audit()
    answer = client_of("partner").get(f"/w/lakeside/findings/{done.run.pk}/report.pdf")
    assert answer.status_code == 403
    assert b"Burglary" in answer.content
    assert Event.objects.filter(kind="refusal", action="finding.download").exists()


def test_the_stranger_and_the_anonymous_see_nothing_anywhere(audit: Any, client_of: Any) -> None:
    done = audit()
    stranger, nobody = client_of("stranger"), client_of("anonymous")
    for address in [*every_address(done), "/w/lakeside/findings/", "/w/lakeside/divergence/"]:
        assert stranger.get(address).status_code == 404, address
        assert nobody.get(address).status_code == 302, address


def test_another_citys_finding_does_not_exist_under_ones_own_address(
    audit: Any, client_of: Any
) -> None:
    done = audit()
    for address in every_address(done):
        own = address.replace("/w/lakeside/", "/w/elsewhere/")
        assert client_of("stranger").get(own).status_code == 404, own


def test_after_expiry_the_finding_is_gone_everywhere_at_once(
    audit: Any, client_of: Any, city: Any, signed_agreement: Any
) -> None:
    done = audit()
    agreement = signed_agreement(done.source, receivers=(city.youth_work,))
    client = client_of("partner")
    for address in every_address(done):
        assert client.get(address).status_code == 200, address
    agreement.expires_on = timezone.localdate() - timedelta(days=1)
    agreement.save()
    for address in every_address(done):
        assert client.get(address).status_code == 403, address
    assert "Internal sentence" not in client.get("/w/lakeside/findings/").content.decode()


def test_the_comparison_shows_what_was_seen_before_the_areas(
    audit: Any, client_of: Any, city: Any
) -> None:
    done = audit(2)
    rows = StoredFinding.objects.of(city.workspace)
    compared = rows.get(key=done.keys[0])
    compared.key = "survey.safety.divergence"
    compared.content["table"]["columns"].append({"name": "class", "label": "Class"})
    for row, kind in zip(
        compared.content["table"]["rows"], ("both high", "felt only"), strict=True
    ):
        row.append(kind)
    compared.save()
    rows.filter(key=done.keys[1]).update(key="walk.seen", sentence="Lamps were broken.")
    text = client_of("analyst").get("/w/lakeside/divergence/").content.decode()
    assert text.index("Lamps were broken.") < text.index("both high")
    assert "felt only" in text
    assert "never by respondent" in text
    assert '<strong class="tag success">Clear</strong>' in text


def test_without_a_comparison_the_page_says_what_is_needed(audit: Any, client_of: Any) -> None:
    audit()
    assert b"No comparison to show" in client_of("analyst").get("/w/lakeside/divergence/").content


@pytest.mark.parametrize("address", ["/w/lakeside/findings/", "/w/lakeside/divergence/"])
def test_as_many_queries_for_three_findings_as_for_one(
    audit: Any, client_of: Any, city: Any, address: str
) -> None:
    done = audit(3)
    client = client_of("analyst")
    client.get(address)
    with CaptureQueriesContext(connection) as several:
        client.get(address)
    StoredFinding.objects.of(city.workspace).filter(key__in=done.keys[1:]).delete()
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    assert len(one) == len(several)


def test_a_view_is_asked_for_once_and_its_progress_is_shown(
    audit: Any, client_of: Any, city: Any
) -> None:
    done = audit()
    client = client_of("analyst")
    for _ in range(2):
        answer = client.post(
            f"/w/lakeside/audits/{done.plan.slug}/compute/",
            {"iccs": "05", "first": "2024-02-01", "last": "2024-03-31"},
        )
        assert answer.status_code == 302
    assert answer["Location"] == ("/w/lakeside/findings/?iccs=05&first=2024-02-01&last=2024-03-31")
    asked = Run.objects.of(city.workspace).exclude(pk=done.run.pk).get()
    assert asked.state == "queued"
    assert asked.parameters["iccs"] == ["05"]
    assert asked.parameters["period"] == ["2024-02-01", "2024-03-31"]
    text = client.get(answer["Location"]).content.decode()
    assert "Compute this view" not in text
    assert f"/runs/{asked.pk}/" in text


def test_a_view_is_computed_for_those_only_who_may_start_it(
    audit: Any, client_of: Any, city: Any
) -> None:
    done = audit()
    address = f"/w/lakeside/audits/{done.plan.slug}/compute/"
    for role, status in (("partner", 403), ("coordinator", 403), ("stranger", 404)):
        assert client_of(role).post(address, {"iccs": "05"}).status_code == status, role
    assert Run.objects.of(city.workspace).count() == 1
    text = client_of("partner").get("/w/lakeside/findings/?iccs=05").content.decode()
    assert "Your role does not include this." in text


def test_the_report_is_offered_to_those_who_may_open_it(audit: Any, client_of: Any) -> None:
    done = audit()
    report = f"/findings/{done.run.pk}/report.html"
    assert report in client_of("analyst").get("/w/lakeside/findings/").content.decode()
    partner = client_of("partner").get(f"/w/lakeside/findings/?run={done.run.pk}")
    assert report not in partner.content.decode()
