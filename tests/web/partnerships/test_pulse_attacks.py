"""Attacks on the pulse: whoever looks wherever, nobody learns what one person answered."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest
from django.core import serializers
from django.db import connection
from django.utils import timezone

from commonlight.web.eventlog.models import Event
from commonlight.web.partnerships.domain.pulse import (
    answer_round,
    close_due_rounds,
    open_round,
    rounds_of,
    shown_round,
    statement_ids,
    trend,
)
from commonlight.web.partnerships.domain.pulse.sealing import SumsLostError, seal, unseal
from commonlight.web.partnerships.domain.shared import PartnershipError
from commonlight.web.partnerships.models import PulseRound, PulseTurn, PulseTurnout
from commonlight.web.policy import Refused

RARE = "strongly_disagree"


def everything_in_the_database():
    """Every row of the pulse, the log and the runs, as a thief of the file sees them."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("partnerships_pulse", "eventlog", "runs_")):
                cursor.execute(f'SELECT * FROM "{table}"')
                found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def answer_ids():
    from commonlight.web.partnerships.domain.words import rows

    return [one["id"] for one in rows("pulse", "answer")]


def test_the_database_of_an_open_round_holds_no_answer(six, pulse):
    pulse([(six[0], RARE)], closed=False)
    dump = everything_in_the_database()
    assert not any(f"'{one}'" in dump or f'"{one}"' in dump for one in answer_ids())
    assert not any(one in dump for one in statement_ids())


def test_two_copies_of_the_database_around_one_answer_tell_nothing(six, pulse, actor_of):
    """The seal is new each time and has one length, so the difference is noise."""
    now = timezone.now()
    asked = open_round(actor_of("coordinator"), closes_on=now.date(), at=now)
    asked.refresh_from_db()
    seals = [asked.sealed_sum]
    for actor, value in zip(
        six, ["agree", RARE, "cannot_say", "agree", "agree", "agree"], strict=True
    ):
        answer_round(actor, asked, dict.fromkeys(statement_ids(), value))
        seals.append(PulseRound.objects.of(asked.workspace).get(pk=asked.pk).sealed_sum)
    assert len({len(one) for one in seals}) == 1
    assert len(set(seals)) == len(seals)


def test_the_seal_opens_with_the_secret_of_the_installation_only(settings):
    kept = seal({"one": {"agree": 3}})
    assert unseal(kept) == {"one": {"agree": 3}}
    settings.SECRET_KEY = "another secret of another place, long enough"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(SumsLostError):
        unseal(kept)


def test_a_round_whose_secret_was_lost_is_closed_without_a_result(six, pulse, settings, city):
    asked = pulse([(one, "agree") for one in six], closed=False)
    settings.SECRET_KEY = "another secret of another place, long enough"
    settings.SECRET_KEY_FALLBACKS = []
    close_due_rounds(city.workspace, at=timezone.now() + timedelta(days=2))
    asked.refresh_from_db()
    assert (asked.shape, asked.result["reason"], asked.sealed_sum) == ("hidden", "lost", "")


def test_after_closing_nothing_tells_who_answered_or_what_was_not_shown(six, pulse):
    asked = pulse([(one, RARE) for one in six[:4]])
    assert asked.shape == "hidden"
    assert asked.sealed_sum == ""
    assert PulseTurn.objects.everywhere("look for turns").count() == 0
    assert RARE not in everything_in_the_database()
    assert set(asked.result) == {"reason", "organisations"}


def test_no_table_of_the_pulse_joins_a_person_to_an_answer():
    """By construction: what has a person has no answer, and what has an answer has no person."""
    with_person = [
        model
        for model in (PulseRound, PulseTurn, PulseTurnout)
        if any(field.name == "membership" for field in model._meta.fields)
    ]
    assert with_person == [PulseTurn]
    assert {field.name for field in PulseTurn._meta.fields} == {
        "id",
        "workspace",
        "round",
        "membership",
    }


def test_the_event_log_says_that_somebody_answered_and_no_more(six, pulse, city):
    pulse([(six[0], RARE)], closed=False)
    events = Event.objects.filter(chain=city.workspace.slug, action="pulse.answered")
    assert [(one.actor_id, one.actor_kind, one.detail) for one in events] == [(None, "system", {})]
    told = json.dumps([(one.action, one.actor_id, one.detail) for one in Event.objects.all()])
    assert RARE not in told
    numbers = [one.user_id for one in six]
    assert not set(numbers) & {one.actor_id for one in events}


def test_the_log_of_the_program_says_nothing(six, pulse, caplog):
    with caplog.at_level(logging.DEBUG):
        pulse([(six[0], RARE)])
    assert RARE not in caplog.text
    assert "member1@" not in caplog.text


def test_a_round_that_differs_by_one_person_is_not_shown(six, pulse, member, city):
    """With answers that stay the same, the difference would be the newcomer's answers."""
    first = pulse([(one, "agree") for one in six])
    assert first.shape == "shown"
    second = pulse([*((one, "agree") for one in six), (member(city.youth_work), RARE)])
    assert (second.shape, second.result["reason"]) == ("hidden", "difference")
    assert "statements" not in second.result


def test_a_round_from_which_one_person_left_is_not_shown(six, pulse):
    pulse([*((one, "agree") for one in six[:5]), (six[5], RARE)])
    second = pulse([(one, "agree") for one in six[:5]])
    assert second.shape == "hidden"


def test_a_hidden_round_between_two_others_opens_no_way_round(six, pulse, member, city):
    pulse([(one, "agree") for one in six])
    newcomer = (member(city.youth_work), RARE)
    hidden = pulse([*((one, "agree") for one in six), newcomer])
    third = pulse([*((one, "agree") for one in six), newcomer])
    assert (hidden.shape, third.shape) == ("hidden", "hidden")


def test_the_same_partners_can_be_asked_again_and_the_trend_is_shown(six, pulse, city):
    pulse([(one, "disagree") for one in six])
    pulse([(one, "agree") for one in six])
    rounds = list(rounds_of(city.workspace))
    assert [one.shape for one in rounds] == ["shown", "shown"]
    _title, lines = trend(rounds)[0]
    assert [line.middle for _round, line in lines] == ["Disagree", "Agree"]


def test_results_never_change_from_one_answer_to_the_next(six, pulse):
    """While a round is open there is no result, so nobody can subtract the one before."""
    asked = pulse([(one, "agree") for one in six], closed=False)
    assert asked.result == {}
    assert shown_round(asked).conditions == ()


def test_nobody_closes_a_round_by_hand_at_a_moment_of_their_choice():
    from commonlight.web.states import read_table

    table = read_table("commonlight.web.partnerships", machine="round")
    assert [one.action for one in table.transitions] == ["close"]
    from commonlight.web.partnerships import urls

    assert not [one for one in urls.urlpatterns if "close" in str(one.pattern)]


def test_a_result_holds_no_organisation(six, pulse, city):
    """Between a partner and the whole there is nothing to compare."""
    asked = pulse([(one, "agree") for one in six])
    told = json.dumps(asked.result)
    for organisation in (city.municipality, city.police, city.youth_work, city.university):
        assert organisation.name not in told
    assert asked.result["organisations"] == 4


def test_a_partner_that_takes_its_own_answers_away_has_three_others_left(member, pulse, city):
    many = [member(city.police) for _ in range(9)]
    answers = [(one, "agree") for one in many]
    answers += [(member(city.youth_work), RARE), (member(city.university), "agree")]
    asked = pulse(answers)
    assert (asked.shape, asked.result["reason"]) == ("hidden", "subtraction")


def test_an_answer_is_given_once_and_cannot_be_changed(six, pulse):
    asked = pulse([(six[0], "agree")], closed=False)
    with pytest.raises(Refused):
        answer_round(six[0], asked, dict.fromkeys(statement_ids(), RARE))
    asked.refresh_from_db()
    assert asked.answers == 1


def test_an_answer_without_all_statements_or_after_the_day_is_not_added(six, pulse):
    asked = pulse([(six[0], "agree")], closed=False)
    with pytest.raises(PartnershipError):
        answer_round(six[1], asked, {statement_ids()[0]: "agree"})
    late = timezone.now() + timedelta(days=3)
    with pytest.raises(PartnershipError):
        answer_round(six[1], asked, dict.fromkeys(statement_ids(), "agree"), at=late)
    asked.refresh_from_db()
    assert asked.answers == 1


def test_a_round_in_the_past_is_refused(actor_of):
    yesterday = timezone.now().date() - timedelta(days=1)
    with pytest.raises(PartnershipError) as refused:
        open_round(actor_of("coordinator"), closes_on=yesterday)
    assert refused.value.field == "closes_on"


def test_export_and_backup_of_an_open_round_carry_no_answers(six, pulse, city, tmp_path):
    from commonlight.web.portability.export import export_workspace
    from commonlight.web.portability.shapes import left_out_models, shapes

    asked = pulse([(one, RARE) for one in six], closed=False)
    shape = next(one for one in shapes() if one.label == "partnerships.pulseround")
    assert "sealed_sum" not in shape.fields
    assert dict(shape.only) == {"state": "closed"}
    assert "partnerships.PulseTurn" in left_out_models()
    assert RARE not in serializers.serialize("json", [asked])
    export_workspace(city.workspace, tmp_path / "out")
    names = ("pulse_rounds", "pulse_turnouts")
    files = [tmp_path / "out" / "tables" / f"{name}.jsonl" for name in names]
    assert [file.read_text() for file in files] == ["", ""]


@pytest.mark.parametrize("role", ["coordinator", "analyst", "partner", "decision_maker"])
def test_no_page_shows_an_answer_of_an_open_or_hidden_round(role, six, pulse, client_of):
    hidden = pulse([(six[0], RARE), (six[2], RARE)])
    opened = pulse([(six[0], RARE)], closed=False)
    client = client_of(role)
    for address in ("", f"{hidden.number}/", f"{opened.number}/"):
        page = client.get(f"/w/lakeside/partnership/pulse/{address}").content.decode()
        assert RARE not in page
        assert "Strongly disagree" not in page
    assert "Member 1" not in client.get("/w/lakeside/partnership/pulse/").content.decode()


def test_the_stranger_sees_no_round(client_of, pulse, six):
    pulse([(one, "agree") for one in six])
    client = client_of("stranger")
    for address in ("", "1/", "1/answer/", "open/"):
        assert client.get(f"/w/lakeside/partnership/pulse/{address}").status_code == 404
