"""Every kind of the thread finds its things by the text of a key, whatever stands in it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db
ODD = ["", "0", "-1", "1.5", "x", "²", "9" * 18, "9" * 19, "9" * 400]


def test_a_key_that_is_no_number_of_a_row_finds_nothing(city):
    from commonlight.web.thread.kinds import kinds

    assert len(kinds()) > 20
    for kind in kinds():
        assert dict(kind.find(city.workspace, ODD)) == {}, kind.name


def test_all_words_must_stand_in_the_field(city):
    from commonlight.web.thread.rows import with_words
    from commonlight.web.workspaces.models import Organisation

    rows = Organisation.objects.of(city.workspace)
    assert [one.name for one in with_words(rows, "LAKESIDE police", "name")] == ["Lakeside Police"]
    assert not with_words(rows, "lakeside nobody", "name")
    assert len(with_words(rows, " ", "name")) == len(rows)


def test_nothing_is_found_in_another_city(city):
    from commonlight.web.thread.rows import finder
    from commonlight.web.workspaces.models import Organisation

    find, key = finder(Organisation, "workspace"), str(city.police.pk)
    assert list(find(city.workspace, [key])) == [key]
    assert find(city.elsewhere, [key]) == {}
