"""Judge ten claims at a time: what is refused, what comes next, and what is said to one alone."""

from __future__ import annotations

import pytest

from commonlight.web.assessment.domain.finding import claims_of
from commonlight.web.assessment.domain.judging import BY_ITSELF
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
