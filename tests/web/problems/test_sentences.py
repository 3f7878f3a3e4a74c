"""Texts of people, with or without their stop, stand in a row or in a sentence of ours."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from commonlight.web.problems.domain.causing import add_cause
from commonlight.web.problems.domain.framing import send_answer
from commonlight.web.problems.domain.sentences import bare, in_a_row, mended
from commonlight.web.problems.needs import known_of
from web.problems.pages import ONE, words


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nobody looks after the square.", "nobody looks after the square"),
        ("from 18h to 20h.. ", "from 18h to 20h"),
        ("Why?", "Why?"),
        ("and so on...", "and so on..."),
        ("", ""),
    ],
)
def test_a_text_before_a_sign_of_ours_has_no_stop(text, told):
    assert bare(text) == told


def test_texts_in_a_row_are_apart_by_semicolons():
    assert in_a_row(["Nobody is there.", "", "Broken lamps"]) == "Nobody is there; Broken lamps"
    with override("fr"):
        assert in_a_row(["Personne.", "Lampes"]) == "Personne\u202f; Lampes"


def test_a_row_that_was_joined_before_is_mended():
    assert mended("Nobody is there.; Broken lamps.") == "Nobody is there; Broken lamps."
    assert mended("And so on...; Lamps") == "And so on...; Lamps"


@pytest.mark.django_db
def test_what_lacks_evidence_is_told_in_one_sentence(problem, actor_of):
    actor = actor_of("coordinator")
    for text in ("Nobody looks after the square.", "Broken lamps"):
        add_cause(actor, problem, text=text, family="lighting", reach="inside")
    lacks = {one.need: str(one.text) for one in known_of(actor, [problem]).lacks[problem.pk]}
    told = lacks["causes_with_evidence"]
    assert told.startswith("No evidence yet for: Nobody looks after the square; Broken lamps. ")


@pytest.mark.django_db
def test_answers_of_several_partners_stand_in_one_line(asked, actor_of, client_of, frame_of, city):
    for role, when in (("analyst", "Evenings until 20h."), ("partner", "In winter")):
        causes = (("lighting", "Lamps are broken."), ("lighting", "It is dark"))
        send_answer(actor_of(role), asked, frame_of(*causes, when=when))
    type(asked).objects.of(city.workspace).update(closes_at=asked.asked_at)
    client = client_of("coordinator")
    table = words(client.get(f"{ONE}frames/1/"))
    assert "Lamps are broken; It is dark" in table
    assert "The same answers give the same table." in table
    form = client.get(f"{ONE}joint/").context["form"]
    shown = [str(one.value()) for one in form] + [str(one.initial) for one in form.fields.values()]
    assert not any(".;" in one or ".." in one for one in shown)
