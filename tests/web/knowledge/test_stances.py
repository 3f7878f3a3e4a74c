"""Stances: applied, considered, rejected with a reason; and how much of it was used."""

from __future__ import annotations

import pytest

from commonlight.web.knowledge.domain.entries import take_step
from commonlight.web.knowledge.domain.published import practice_in, statement_in
from commonlight.web.knowledge.domain.stances import (
    StanceError,
    linked_of,
    stance_on,
    take_stance,
    use_of,
)
from commonlight.web.policy import Refused
from commonlight.web.problems.domain.causing import add_cause
from commonlight.web.thread.domain import supports
from commonlight.web.thread.models import Link

PAGE = "/w/lakeside/problems/1/evidence/"


def test_a_rejection_needs_its_reason(problem, actor_of, city):
    cctv = practice_in(city.workspace, "cctv")
    with pytest.raises(StanceError, match="Say why it is rejected"):
        take_stance(actor_of("coordinator"), problem, cctv, "rejected")
    made = take_stance(
        actor_of("coordinator"), problem, cctv, "rejected", reason="Nobody would watch."
    )
    assert made.position == "rejected"
    assert not Link.objects.of(city.workspace).exists()


def test_the_problem_rests_on_what_it_applies(problem, actor_of, city):
    lamps = practice_in(city.workspace, "street_lighting")
    take_stance(actor_of("coordinator"), problem, lamps, "applied", reason="Dark lanes.")
    (support,) = supports(city.workspace, [("problem", str(problem.pk))]).values()
    assert support
    link = Link.objects.of(city.workspace).get()
    assert (link.ground, link.note) == (("practice", "street_lighting"), "Dark lanes.")


def test_what_is_no_longer_applied_leaves_the_problem_unsupported(problem, actor_of, city):
    lamps, who = practice_in(city.workspace, "street_lighting"), actor_of("coordinator")
    take_stance(who, problem, lamps, "applied")
    with pytest.raises(StanceError, match="It was applied until now"):
        take_stance(who, problem, lamps, "considered")
    take_stance(who, problem, lamps, "rejected", reason="Too bright for the bats.")
    (support,) = supports(city.workspace, [("problem", str(problem.pk))]).values()
    assert not support
    assert "Too bright for the bats." in support.reason


def test_an_earlier_stance_is_kept(problem, actor_of, city):
    lesson, who = statement_in(city.workspace, "TE-009"), actor_of("partner")
    take_stance(who, problem, lesson, "considered")
    take_stance(who, problem, lesson, "applied", reason="We framed apart.")
    assert problem.stances.count() == 2
    assert stance_on(problem, ("statement", "TE-009")).position == "applied"
    again = take_stance(who, problem, lesson, "applied", reason="We framed apart.")
    assert problem.stances.count() == 2
    assert again.reason == "We framed apart."


def test_the_ratio_is_applied_of_linked(problem, actor_of, city):
    who = actor_of("coordinator")
    assert use_of(who, [problem])[problem.pk].ratio is None
    for key, position in (("cctv", "rejected"), ("street_lighting", "applied")):
        thing = practice_in(city.workspace, key)
        take_stance(who, problem, thing, position, reason="A reason")
    take_stance(who, problem, statement_in(city.workspace, "TR-003"), "considered")
    use = use_of(who, [problem])[problem.pk]
    assert (use.applied, use.considered, use.rejected, use.linked) == (1, 1, 1, 3)
    assert use.ratio == pytest.approx(1 / 3)


def test_a_local_entry_that_is_withdrawn_takes_the_problem_with_it(
    problem, reviewed, actor_of, city
):
    made, who = reviewed(), actor_of("coordinator")
    take_stance(who, problem, made, "applied")
    take_step(actor_of("analyst"), made, "withdraw", reason="Lamps broke.")
    (support,) = supports(city.workspace, [("problem", str(problem.pk))]).values()
    assert not support
    (linked,) = linked_of(who, problem)
    assert (linked.is_local, linked.stands) == (True, False)


def test_a_draft_that_is_closed_cannot_be_cited_or_read_through_a_problem(
    problem, entry, actor_of, client_of
):
    made = entry()
    with pytest.raises(Refused):
        take_stance(actor_of("coordinator"), problem, made, "applied")
    take_stance(actor_of("analyst"), problem, made, "considered")
    assert b"Lampen" not in client_of("coordinator").get(PAGE).content
    assert b"Lampen" in client_of("analyst").get(PAGE).content


def test_the_pages_link_and_show(problem, client_of):
    client = client_of("coordinator")
    page = client.get(PAGE).content.decode()
    assert "No research is linked yet." in page
    assert "Not looked at yet" in page
    address = "/w/lakeside/knowledge/practices/cctv/link/"
    wrong = client.post(address, {"problem": "1", "position": "rejected", "reason": ""})
    assert b"Say why it is rejected" in wrong.content
    done = client.post(
        address, {"problem": "1", "position": "rejected", "reason": "Nobody watches."}, follow=True
    )
    text = done.content.decode()
    assert "Applied: 0 of 1 linked entry." in text
    assert "Nobody watches." in text
    assert (
        "Burglary in the lanes"
        in client.get("/w/lakeside/knowledge/practices/cctv/").content.decode()
    )


def test_a_practice_that_is_linked_leads_to_its_passport(problem, actor_of, city, client_of):
    take_stance(actor_of("coordinator"), problem, practice_in(city.workspace, "cctv"), "applied")
    client = client_of("coordinator")
    assert "passports/new/?practice=practice%3Acctv" in client.get(PAGE).content.decode()
    client.post("/w/lakeside/problems/1/passports/new/", {"practice": "practice:cctv"})
    assert 'href="/w/lakeside/problems/1/passports/1/"' in client.get(PAGE).content.decode()


def test_who_only_reads_cannot_link(client_of, problem):
    answer = client_of("decision_maker").get("/w/lakeside/knowledge/practices/cctv/link/")
    assert answer.status_code == 403


def test_the_path_and_the_record_of_the_problem_tell(problem, actor_of, city, client_of):
    who, client = actor_of("coordinator"), client_of("coordinator")
    before = client.get("/w/lakeside/problems/1/").content.decode()
    assert "Nobody has looked at what research knows of this problem." in before
    take_stance(who, problem, practice_in(city.workspace, "alley_gating"), "applied")
    after = client.get("/w/lakeside/problems/1/").content.decode()
    assert "Applied: 1 of 1 linked entry." in after
    assert "1 applied practice has no passport." in after
    read = client.get("/w/lakeside/problems/1/read/sara/").content.decode()
    assert "Alley gating: Applied" in read


def test_statement_and_causes_lead_to_research_too(problem, actor_of, client_of):
    """A title says where; what was agreed says what is wrong and why."""
    add_cause(
        actor_of("coordinator"),
        problem,
        text="The street lamps are broken",
        family="lighting",
        reach="inside",
    )
    shown = client_of("coordinator").get(PAGE).context["suggested"]
    found = {one.id: one.words for one in shown.practices}
    assert "lamps" in found["street_lighting"]
    take_stance(
        actor_of("coordinator"),
        problem,
        practice_in(problem.workspace, "street_lighting"),
        "considered",
    )
    again = client_of("coordinator").get(PAGE).context["suggested"]
    assert "street_lighting" not in {one.id for one in again.practices}


def test_a_search_for_a_problem_leads_to_its_stance(problem, client_of):
    client = client_of("coordinator")
    assert 'knowledge/search/?problem=1"' in client.get(PAGE).content.decode()
    page = client.get("/w/lakeside/knowledge/search/?q=burglary&problem=1").content.decode()
    assert "Burglary in the lanes by the station" in page
    assert "/knowledge/practices/alley_gating/link/?problem=1" in page
    assert '<input type="hidden" name="problem" value="1"' in page
    reader = client_of("decision_maker").get("/w/lakeside/knowledge/search/?q=burglary&problem=1")
    assert "/link/" not in reader.content.decode()
    for wrong in ("2", "x", str(2**70)):
        answer = client.get(f"/w/lakeside/knowledge/search/?q=burglary&problem={wrong}")
        assert answer.status_code == 200
        assert "/link/" not in answer.content.decode()


def test_a_place_or_a_word_by_the_way_suggests_nothing(problem, client_of):
    """Whoever writes of a station is not offered all that was ever tried at stations."""
    problem.title = "Long rows of bicycles at the station"
    problem.save()
    problem.statements.update(sentence="Long rows of bicycles stand at the station.")
    shown = client_of("coordinator").get(PAGE).context["suggested"]
    assert "security_guard_patrols_transit" not in {one.id for one in shown.practices}
    assert all(len(one.words) > 1 for one in shown.statements)


def test_words_of_time_and_bare_groups_suggest_nothing(problem, client_of):
    """Who speaks of young people and weeks is not offered summer jobs."""
    problem.title = "Evenings of young people"
    problem.save()
    problem.statements.update(sentence="For weeks youth and women have met on summer evenings.")
    shown = client_of("coordinator").get(PAGE).context["suggested"]
    assert shown.practices == ()
    assert shown.statements == ()
    problem.statements.update(sentence="For weeks youth have drunk alcohol and fought.")
    found = client_of("coordinator").get(PAGE).context["suggested"]
    assert found.practices
