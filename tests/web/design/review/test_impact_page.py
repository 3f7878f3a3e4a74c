"""The page of the impact questions says each of them once."""

from __future__ import annotations


def test_a_title_of_an_impact_question_is_seen_once(problem, concept, client_of):
    page = client_of("partner").get("/w/lakeside/problems/1/design/impact/").content.decode()
    part = page.partition('class="aspects"')[2].partition("</form>")[0]
    assert part.count("Other functions of the place") == 1
    assert part.count('<span class="for-ears">Answer</span>') == 14
