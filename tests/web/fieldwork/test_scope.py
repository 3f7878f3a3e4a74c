"""The audit workspace: six blocks, strengths as well as risks, gaps that stay listed."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from commonlight.web.policy import Refused
from commonlight.web.problems.fieldwork.domain.covering import cover_of, suggestions
from commonlight.web.problems.fieldwork.domain.guarding import FieldworkError
from commonlight.web.problems.fieldwork.domain.positive import add_use
from commonlight.web.problems.fieldwork.domain.scope import (
    complete_audit,
    lacks_strengths,
    may_complete,
    open_audit,
    reopen_audit,
    say_no_strength,
    take_back_entry,
    write_entry,
)
from commonlight.web.thread.domain import join

BLOCKS = ["context", "problems", "victims", "causes", "services", "strengths"]


def entry(actor, audit, **given):
    usual = {"block": "problems", "nature": "risk", "text": "People avoid the square at night"}
    return write_entry(actor, audit, **{**usual, **given})


def page(audit, more=""):
    return f"/w/lakeside/audit-scope/{audit.number}/{more}"


def test_a_new_audit_has_six_blocks_and_all_are_empty(audit, actor_of):
    cover = cover_of(actor_of("partner"), audit)
    assert [one.content["id"] for one in cover.empty] == BLOCKS


def test_an_audit_with_risks_only_cannot_be_completed(audit, actor_of):
    coordinator = actor_of("coordinator")
    entry(actor_of("partner"), audit)
    assert lacks_strengths(audit)
    assert "only risks" in str(may_complete(coordinator, audit).reason)
    with pytest.raises(Refused, match="only risks"):
        complete_audit(coordinator, audit)
    entry(actor_of("partner"), audit, block="strengths", nature="strength", text="A market")
    complete_audit(coordinator, audit)
    assert audit.state == "completed"


def test_none_found_completes_it_when_it_says_where_one_looked(audit, actor_of):
    entry(actor_of("partner"), audit)
    with pytest.raises(FieldworkError, match="where you looked"):
        say_no_strength(actor_of("partner"), audit, where_looked="Nowhere")
    say_no_strength(actor_of("partner"), audit, where_looked="Asked shops and parents in May")
    assert may_complete(actor_of("coordinator"), audit)


def test_none_found_does_not_stand_beside_a_strength(audit, actor_of):
    entry(actor_of("partner"), audit, block="strengths", nature="strength", text="A market")
    with pytest.raises(FieldworkError, match="contradict"):
        say_no_strength(actor_of("partner"), audit, where_looked="Asked shops and parents")


def test_an_empty_audit_is_not_completed(audit, actor_of):
    assert "Nothing stands" in str(may_complete(actor_of("coordinator"), audit).reason)


def test_completed_it_is_closed_until_somebody_opens_it_again(audit, actor_of, client_of):
    strength = entry(actor_of("partner"), audit, nature="strength")
    complete_audit(actor_of("coordinator"), audit)
    with pytest.raises(Refused, match="completed"):
        entry(actor_of("partner"), audit)
    strength.refresh_from_db()
    with pytest.raises(Refused):
        take_back_entry(actor_of("partner"), strength, reason="No")
    reopen_audit(actor_of("coordinator"), audit)
    assert entry(actor_of("partner"), audit)


def test_sources_are_listed_with_their_age_the_oldest_first(
    audit, finding, hold, problem, actor_of, monkeypatch
):
    from commonlight.web.problems.fieldwork.domain import covering

    monkeypatch.setattr(covering, "today_in", lambda workspace: date(2025, 11, 30))
    police = actor_of("analyst")
    entry(police, audit, grounds=[finding])
    entry(police, audit, grounds=[hold(actor_of("partner"), held_on=date(2025, 11, 1))])
    entry(police, audit, grounds=[problem])
    cover = cover_of(police, audit)
    assert [(one.key[0], one.months) for one in cover.sources] == [
        ("finding", 6),
        ("session", 0),
        ("problem", None),
    ]


def test_groups_of_entries_and_of_sessions_below_them_are_covered(audit, session, actor_of):
    actor = actor_of("partner")
    entry(actor, audit, groups=["older_people"], grounds=[session])
    cover = cover_of(actor, audit)
    assert {name for name, _title in cover.groups} == {"older_people", "children_and_youth"}
    assert "victims" in {name for name, _title in cover.missing_groups}


def test_a_session_that_was_taken_back_covers_nobody(audit, session, actor_of):
    actor = actor_of("partner")
    entry(actor, audit, grounds=[session])
    session.withdrawn_at = timezone.now()
    session.save()
    cover = cover_of(actor, audit)
    assert cover.groups == ()
    assert not cover.block("problems").rows[0].support


def test_empty_blocks_ages_and_groups_not_covered_stand_on_the_page(
    audit, finding, actor_of, client_of
):
    entry(actor_of("analyst"), audit, grounds=[finding])
    body = client_of("analyst").get(page(audit)).content.decode()
    gaps = body[body.index('id="gaps"') :]
    assert "Strengths and potential" in gaps
    assert "People with disabilities" in gaps
    assert "recorded 81240735 thefts" in gaps
    assert "month" in gaps


def test_a_block_offers_what_the_workspace_found_until_it_is_used(audit, finding, actor_of):
    police = actor_of("analyst")
    found, _uses, sets = suggestions(police, cover_of(police, audit), "problems")
    assert found == [finding]
    assert [one.slug for one in sets] == ["burglary"]
    assert suggestions(police, cover_of(police, audit), "causes")[0] == []
    entry(police, audit, grounds=[finding])
    assert suggestions(police, cover_of(police, audit), "problems")[0] == []


def test_strengths_are_fed_by_the_positive_lens(audit, problem, actor_of, client_of):
    use = add_use(actor_of("partner"), problem, question="valued_uses", text="A short cut")
    client = client_of("partner")
    block = page(audit, "blocks/strengths/")
    assert "A short cut" in client.get(block).content.decode()
    write = f"{block}write/?ground=valued_use:{use.pk}"
    form = client.get(write).context["form"]
    assert (form["text"].value(), form["nature"].value()) == ("A short cut", "strength")
    sent = {"text": "A short cut to the school", "nature": "strength", "problem": problem.pk}
    assert client.post(write, sent)["Location"] == block
    assert not lacks_strengths(audit)


def test_nobody_is_offered_a_finding_that_is_closed_to_her(audit, finding, actor_of, client_of):
    partner = actor_of("partner")
    assert suggestions(partner, cover_of(partner, audit), "problems")[0] == []
    write = page(audit, f"blocks/problems/write/?ground=finding:{finding.pk}")
    answer = client_of("partner").get(write)
    assert answer.status_code == 403
    assert "81240735" not in answer.content.decode()


def test_an_entry_is_as_closed_as_the_finding_that_it_says(audit, finding, actor_of, client_of):
    entry(actor_of("analyst"), audit, text="There were 81240735 thefts.", grounds=[finding])
    for more in ("", "blocks/problems/", "read/"):
        body = client_of("partner").get(page(audit, more)).content.decode()
        assert "81240735" not in body
    assert (
        "This entry is closed to you."
        in client_of("partner").get(page(audit, "blocks/problems/")).content.decode()
    )
    assert "81240735" in client_of("analyst").get(page(audit, "read/")).content.decode()


def test_it_stays_closed_when_the_link_is_removed(audit, finding, actor_of, client_of):
    from commonlight.web.thread.domain import part
    from commonlight.web.thread.models import Link

    police = actor_of("analyst")
    made = entry(police, audit, text="There were 81240735 thefts.", grounds=[finding])
    link = Link.objects.of(audit.workspace).get(claim_key=str(made.pk), ground_kind="finding")
    part(police, made, link, reason="Too old")
    body = client_of("partner").get(page(audit, "blocks/problems/")).content.decode()
    assert "81240735" not in body


def test_only_who_wrote_it_and_the_coordinator_change_an_entry(audit, actor_of, client_of):
    made = entry(actor_of("partner"), audit)
    with pytest.raises(Refused, match="Only Youth Work Lakeside"):
        take_back_entry(actor_of("analyst"), made, reason="Wrong")
    answer = client_of("analyst").get(page(audit, f"entries/{made.pk}/"))
    assert answer.status_code == 403
    take_back_entry(actor_of("coordinator"), made, reason="Said twice")
    assert cover_of(actor_of("partner"), audit).entries == 0


def test_words_that_stigmatise_are_refused_in_what_everybody_reads(audit, actor_of):
    with pytest.raises(FieldworkError) as refusal:
        entry(actor_of("partner"), audit, public_text="This is a ghetto.")
    assert refusal.value.part == "public_text"
    with pytest.raises(FieldworkError, match="e-mail"):
        entry(actor_of("partner"), audit, text="Ask bob@example.org")


def test_an_audit_ends_after_it_begins(actor_of):
    with pytest.raises(FieldworkError, match="before the first day"):
        open_audit(
            actor_of("coordinator"),
            title="Audit",
            place="City",
            first_day=date(2025, 5, 1),
            last_day=date(2025, 4, 1),
        )


def test_after_writing_one_is_asked_what_it_rests_on(audit, actor_of, client_of, session):
    client = client_of("partner")
    sent = {"text": "Shops close early", "nature": "fact"}
    answer = client.post(page(audit, "blocks/context/write/"), sent)
    made = cover_of(actor_of("partner"), audit).block("context").rows[0]
    assert answer["Location"] == f"/w/lakeside/thread/scope_entry/{made.entry.pk}/join/"
    assert not made.support
    join(actor_of("partner"), made.entry, session)
    assert cover_of(actor_of("partner"), audit).block("context").rows[0].support


def test_the_record_of_the_problem_reads_the_entries_that_speak_of_it(
    audit, problem, finding, actor_of
):
    from commonlight.web.problems.record_fields import reading

    entry(actor_of("analyst"), audit, text="81240735 thefts", problem=problem, grounds=[finding])

    def told(actor):
        headings = reading(actor, problem, "sara")
        return next(
            field.entries for one in headings for field in one.fields if field.id == "audit_scope"
        )

    assert "81240735 thefts" in str(told(actor_of("analyst"))[0].text)
    assert told(actor_of("partner")) == ()


def test_the_stranger_finds_no_audit(audit, client_of):
    assert client_of("stranger").get(page(audit)).status_code == 404
