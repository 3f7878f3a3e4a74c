"""Versions: kept by hand and by themselves, compared, and brought back with their evidence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from commonlight.web.design.theory.domain.changing import (
    ChangedMeanwhileError,
    add_link,
    add_step,
    change_link,
    change_step,
    remove_link,
    remove_step,
)
from commonlight.web.design.theory.domain.keeping import keep_version, restore_version
from commonlight.web.design.theory.domain.reading import read_theory
from commonlight.web.design.theory.domain.versions import content_of, differences
from commonlight.web.design.theory.models import Version
from commonlight.web.thread.domain import join, supports

HOME = "/w/lakeside/problems/1/theory/"


def versions(theory):
    rows = Version.objects.of(theory.problem.workspace).filter(theory=theory.theory)
    return list(rows.order_by("number"))


def test_any_version_can_be_brought_back(theory, actor_of):
    who = actor_of("partner")
    kept = keep_version(who, theory.problem, note="First")
    before = content_of(theory.theory)
    remove_step(who, theory.trust)
    add_step(who, theory.problem, kind="harm", text="Another")
    other = keep_version(who, theory.problem)
    middle = content_of(theory.theory)
    restore_version(who, kept)
    assert content_of(theory.theory) == before
    restore_version(who, other)
    assert content_of(theory.theory) == middle


def test_what_is_restored_has_its_evidence_again(theory, actor_of, problem, dataset):
    who = actor_of("analyst")
    data = dataset(is_public=True)
    join(who, theory.second, data, note="It shows how many.")
    kept = keep_version(who, problem)
    remove_link(who, theory.second)
    sheet = read_theory(who, problem)
    assert theory.second.pk not in sheet.grounds
    restore_version(who, kept)
    sheet = read_theory(who, problem)
    assert [one.note for one in sheet.grounds[theory.second.pk]] == ["It shows how many."]
    assert sheet.support[theory.second.pk]


def test_the_theory_rests_on_the_links_it_has(theory, actor_of, problem, dataset):
    who = actor_of("analyst")
    data = dataset(is_public=True)
    key = ("theory", str(theory.theory.pk))
    for link in (theory.first, theory.second, theory.third, theory.fourth):
        join(who, link, data)
    assert supports(problem.workspace, [key])[key]
    extra = add_link(who, theory.trust, theory.harm)
    assert not supports(problem.workspace, [key])[key]
    remove_link(who, extra)
    assert supports(problem.workspace, [key])[key]


def test_the_state_before_anothers_work_is_kept_by_itself(theory, actor_of):
    found = versions(theory)
    assert found == []
    change_step(actor_of("analyst"), theory.work, revision=1, kind="activity", text="Other")
    [kept] = versions(theory)
    assert kept.is_automatic
    assert kept.content["steps"][0]["text"] == theory.work.text
    now = change_step(actor_of("analyst"), theory.work, revision=2, kind="activity", text="Third")
    assert len(versions(theory)) == 1
    later = timezone.now() + timedelta(hours=2)
    change_step(actor_of("analyst"), now, revision=3, kind="activity", text="Fourth", at=later)
    assert [one.content["steps"][0]["text"] for one in versions(theory)] == [
        theory.work.text,
        "Third",
    ]


def test_a_restored_version_loses_nothing_that_was_there(theory, actor_of):
    who = actor_of("partner")
    kept = keep_version(who, theory.problem)
    add_step(who, theory.problem, kind="harm", text="Not kept by hand")
    restore_version(who, kept)
    texts = [step["text"] for step in versions(theory)[-1].content["steps"]]
    assert "Not kept by hand" in texts


def test_what_has_changed_is_told(theory, actor_of):
    who = actor_of("partner")
    before = content_of(theory.theory)
    change_step(who, theory.work, revision=1, kind="activity", text="Other words")
    remove_link(who, theory.fourth)
    add_step(who, theory.problem, kind="outcome", text="New")
    found = differences(before, content_of(theory.theory))
    assert [(one.what, one.part, one.number) for one in found] == [
        ("changed", "steps", 1),
        ("added", "steps", 6),
        ("removed", "links", 4),
    ]
    assert (found[0].before, found[0].after) == (theory.work.text, "Other words")


def test_two_who_write_at_once_on_different_steps_disturb_nobody(theory, actor_of):
    change_step(actor_of("partner"), theory.work, revision=1, kind="activity", text="One")
    change_step(actor_of("analyst"), theory.trust, revision=1, kind="mechanism", text="Two")
    assert {step["text"] for step in content_of(theory.theory)["steps"]} >= {"One", "Two"}


def test_the_same_words_sent_twice_are_no_conflict(theory, actor_of):
    given = {"revision": 1, "kind": "activity", "text": "Same"}
    change_step(actor_of("partner"), theory.work, **given)
    assert change_step(actor_of("analyst"), theory.work, **given).revision == 2


def test_a_link_changed_meanwhile_is_not_overwritten(theory, actor_of):
    given = {"revision": 1, "source": theory.work, "target": theory.trust}
    change_link(actor_of("partner"), theory.first, mechanism="Hers", **given)
    with pytest.raises(ChangedMeanwhileError) as told:
        change_link(actor_of("analyst"), theory.first, mechanism="His", **given)
    assert told.value.current.mechanism == "Hers"


def test_a_step_that_was_taken_out_meanwhile_takes_no_words(theory, actor_of):
    remove_step(actor_of("partner"), theory.work)
    with pytest.raises(ChangedMeanwhileError):
        change_step(actor_of("analyst"), theory.work, revision=1, kind="activity", text="Late")


def test_work_goes_on_on_a_second_device(theory, client_of):
    first, second = client_of("partner"), client_of("partner")
    sent = {"kind": "activity", "text": "Written on the way", "revision": 1}
    first.post(f"{HOME}steps/1/", sent, headers={"HX-Request": "true"})
    page = second.get(f"{HOME}steps/1/").content.decode()
    assert ">\nWritten on the way</textarea>" in page
    assert 'name="revision" value="2"' in page


def test_versions_are_kept_looked_at_and_brought_back_on_pages(theory, client_of):
    client = client_of("coordinator")
    client.post(f"{HOME}versions/keep/", {"note": "After the meeting"})
    client.post(f"{HOME}steps/2/remove/")
    assert "After the meeting" in client.get(f"{HOME}versions/").content.decode()
    page = client.get(f"{HOME}versions/1/").content.decode()
    assert "taken out" in page
    assert "Young people know an adult whom they can tell" in page
    assert client.post(f"{HOME}versions/1/restore/").status_code == 302
    assert "5 steps of the theory" in client.get(HOME).content.decode()
