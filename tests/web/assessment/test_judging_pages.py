"""Judge ten claims at a time: what is refused, what comes next, and what is said to one alone."""

from __future__ import annotations

import pytest

from commonlight.web.assessment.domain.finding import claims_of
from commonlight.web.assessment.domain.judging import (
    BY_ITSELF,
    Given,
    give_verdicts,
    send_in,
    the_records,
)
from commonlight.web.assessment.domain.matrix import read_assessment
from commonlight.web.assessment.domain.tagging import Tags, tag_claims

HERE = "/w/lakeside/strategies/1/assessments/1/"


@pytest.fixture
def to_judge(begun, actor_of):
    """So many claims, all tagged, to be judged by these people."""

    def make(count, assessors=("evaluator",)):
        text = " ".join(f"We do number {number}." for number in range(count))
        assessment = begun(text, assessors=assessors)
        claims = claims_of(assessment)
        tags = {one.pk: Tags(("collaborative",)) for one in claims}
        tag_claims(actor_of(assessors[0]), assessment, tags)
        return claims

    return make


@pytest.fixture
def save(client_of):
    """Save a page of ten as it was opened, or with these fields changed."""

    def send(ten, **changed):
        client = client_of("evaluator")
        forms = client.get(f"{HERE}judge/?ten={ten}").context["only_forms"]
        given = {f"{one.prefix}-verdict": "claimed" for one in forms}
        return client.post(f"{HERE}judge/?ten={ten}", given | changed)

    return send


def test_a_contradiction_without_a_ground_names_the_box_to_tick(to_judge, save):
    claim = to_judge(1)[0]
    key = f"c{claim.pk}"
    given = {f"{key}-verdict": "contradicted", f"{key}-note": "The text itself: 57 per cent."}
    answer = save(1, **given)
    (form,) = answer.context["only_forms"]
    assert f"tick the box: “{BY_ITSELF}”" in form.errors["verdict"][0]
    assert form["by_itself"].label == BY_ITSELF
    assert save(1, **given, **{f"{key}-by_itself": "on"}).status_code == 302
    shown = save(1, **{f"{key}-verdict": "shown"}).context["only_forms"][0]
    assert "tick the box" not in shown.errors["verdict"][0]


def test_after_the_last_ten_comes_the_one_that_is_still_open(to_judge, save):
    to_judge(34)
    for ten, after in ((1, 2), (3, 4), (4, 2)):
        assert save(ten)["Location"] == f"{HERE}judge/?ten={after}"
    assert save(2)["Location"] == f"{HERE}judge/?ten=3"
    assert save(4)["Location"] == HERE


def test_who_assesses_alone_is_not_told_of_others(to_judge, save, client_of):
    to_judge(2)
    client = client_of("evaluator")
    pages = {
        name: client.get(f"{HERE}{name}").content.decode() for name in ("", "send/", "matrix/")
    }
    assert "you have not sent yours in" in pages[""]
    assert "Compare the verdicts" not in pages[""]
    assert "1 assessor has not sent" not in pages[""]
    assert "You assess alone." in pages["send/"]
    assert "The others see your verdicts" not in pages["send/"]
    assert "One person assesses." in pages["matrix/"]
    page = client.post(f"{HERE}send/", follow=True).content.decode()
    assert "Your verdicts are in. Here is the matrix." in page
    assert "All have sent theirs in" not in page


def test_two_assessors_are_still_told_of_each_other(to_judge, client_of):
    to_judge(2, assessors=("evaluator", "partner"))
    client = client_of("evaluator")
    assert "2 assessors have not sent" in client.get(HERE).content.decode()
    assert "The others see your verdicts" in client.get(f"{HERE}send/").content.decode()
    assert "You assess alone." not in client.get(f"{HERE}send/").content.decode()


def test_a_page_that_is_only_saved_is_not_taken_for_looking(to_judge, save, client_of, document):
    first, second, third, *_rest = to_judge(6)
    client = client_of("evaluator")
    save(1, **{f"c{second.pk}-looked": "on", f"c{third.pk}-note": "Two people told me."})
    page = client.get(f"{HERE}judge/?ten=1").content.decode()
    assert "Saved: 6. Looked up: 2. Taken as claimed, without looking: 4." in page
    assert page.count("saved without looking") == 4
    address = f"{HERE}claims/{first.pk}/evidence/"
    assert "Keep “claimed”, and say that I looked" in client.get(address).content.decode()
    back = client.post(address, {"then": "nothing", "next": f"{HERE}judge/?ten=1"})
    assert back["Location"] == f"{HERE}judge/?ten=1"
    assert "Looked up: 3." in client.get(HERE).content.decode()


def test_what_was_looked_up_is_said_wherever_the_verdicts_are_counted(
    to_judge, save, client_of, document
):
    first, second, third, *rest_of_them = to_judge(6)
    client, paper = client_of("evaluator"), document(first.assessment)
    save(1, **{f"c{first.pk}-looked": "on", f"c{second.pk}-note": "I asked."})
    given = {"ground": f"document:{paper.pk}", "direction": "context"}
    assert client.post(f"{HERE}claims/{third.pk}/evidence/", given).status_code == 302
    assert (
        "3 claims are taken as claimed, without looking"
        in client.get(f"{HERE}send/").content.decode()
    )
    client.post(f"{HERE}send/")
    words = "3 of 6 judged claims were looked up: 3 by 1 assessor."
    rest = "3 were taken as claimed, without looking."
    for name in ("matrix/", "sheets/", "brief/"):
        page = client.get(f"{HERE}{name}").content.decode()
        assert f"{words} {rest}" in page, name
    assert client.get(f"{HERE}claims/").content.decode().count("not looked up") == 3
    untouched = client.get(f"{HERE}claims/{rest_of_them[0].pk}/").content.decode()
    assert "Taken as claimed, without looking." in untouched
    sheets = client.get(f"{HERE}sheets/").content.decode()
    assert "Of 6 claims, 6 are only claimed. Looked up: 3 of 6." in sheets


def test_what_the_text_itself_contradicts_was_not_left_as_claimed(to_judge, save, client_of):
    first, *_rest = to_judge(3)
    key, client = f"c{first.pk}", client_of("evaluator")
    given = {"verdict": "contradicted", "note": "It says so.", "by_itself": "on"}
    assert save(1, **{f"{key}-{name}": value for name, value in given.items()}).status_code == 302
    before = client.get(f"{HERE}send/").content.decode()
    assert "2 claims are taken as claimed, without looking. The matrix says so." in before
    client.post(f"{HERE}send/")
    matrix = client.get(f"{HERE}matrix/").content.decode()
    assert "2 were taken as claimed, without looking." in matrix


def test_nobody_looked_is_said_in_so_many_words(to_judge, client_of):
    to_judge(3)
    client = client_of("evaluator")
    client.post(f"{HERE}send/")
    page = client.get(f"{HERE}matrix/").content.decode()
    assert "No claim was looked up in the records." in page
    assert "3 were taken as claimed, without looking." in page


def test_the_tick_that_one_looked_stays_when_the_page_is_saved_again(to_judge, save, fresh):
    (claim,) = to_judge(1)
    key = f"c{claim.pk}-looked"
    save(1, **{key: "on"})
    verdict = claim.verdicts.get()
    assert (verdict.verdict, verdict.note) == ("claimed", "")
    assert verdict.where_looked == "in the records of this workbench"
    save(1, **{key: "on"})
    assert claim.verdicts.get().given_at == verdict.given_at
    save(1)
    assert not claim.verdicts.get().where_looked


def test_two_assessors_who_looked_are_counted_apart(to_judge, actor_of, fresh):
    first, second, _third = to_judge(3, assessors=("evaluator", "partner"))
    looked = Given("claimed", "", the_records())
    for role, keys in (("evaluator", (first, second)), ("partner", (first,))):
        give_verdicts(actor_of(role), fresh(first.assessment), {one.pk: looked for one in keys})
        send_in(actor_of(role), fresh(first.assessment))
    reading = read_assessment(actor_of("coordinator"), fresh(first.assessment))
    assert reading.looking == (
        "2 of 3 judged claims were looked up: 1 by 1 assessor and 1 by 2 assessors. "
        "1 was taken as claimed, without looking."
    )
