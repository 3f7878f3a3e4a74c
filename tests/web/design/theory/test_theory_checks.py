"""Each check finds its own fault and nothing else."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonlight.web.design.theory.domain.checks import CHECKS, check, check_rows
from commonlight.web.design.theory.domain.graph import Arrow, Box, Graph


def box(uid, kind, number=0, **more):
    return Box(uid=uid, number=number or ord(uid[0]), kind=kind, text=uid, **more)


def arrow(source, target, **more):
    told = {"mechanism": "because", "assumption": "if", "is_own_judgement": True, **more}
    return Arrow(uid=f"{source}{target}", number=1, source=source, target=target, **told)


#: a, d activities; m mechanism; o, p outcomes; i, j, k indicators; h harm
BOXES = (
    box("a", "activity"),
    box("m", "mechanism"),
    box("o", "outcome"),
    box("p", "outcome"),
    box("i", "indicator", witness="survey"),
    box("j", "indicator", witness="recorded_crime"),
    box("h", "harm"),
)
ARROWS = (
    arrow("a", "m", mechanism=""),
    arrow("m", "o", mechanism=""),
    arrow("a", "p"),
    arrow("o", "p"),
    arrow("o", "i", mechanism="", assumption="", is_own_judgement=False),
    arrow("p", "i", mechanism="", assumption="", is_own_judgement=False),
    arrow("p", "j", mechanism="", assumption="", is_own_judgement=False),
    arrow("a", "h"),
)
CLEAN = Graph(BOXES, ARROWS)


def found(graph):
    return [one.check for one in check(graph)]


def without(graph, *uids):
    """The theory without some boxes and arrows, and without arrows that lose an end."""
    kept = {one.uid for one in graph.boxes if one.uid not in uids}
    arrows = (one for one in graph.arrows if one.source in kept and one.target in kept)
    boxes = tuple(one for one in graph.boxes if one.uid in kept)
    return Graph(boxes, tuple(one for one in arrows if one.uid not in uids))


def altered(graph, uid, **fields):
    arrows = (replace(one, **fields) if one.uid == uid else one for one in graph.arrows)
    return Graph(graph.boxes, tuple(arrows))


def leap(graph):
    return altered(graph, "ap", mechanism="")


def missing_assumption(graph):
    return altered(graph, "am", assumption="")


def no_indicator(graph):
    return without(graph, "oi")


def no_harm_path(graph):
    return without(graph, "h")


def outcome_without_mechanism(graph):
    boxes = (*graph.boxes, box("q", "outcome"), box("s", "activity"), box("n", "indicator"))
    boxes = tuple(replace(one, kind="harm") if one.uid == "s" else one for one in boxes)
    arrows = (*graph.arrows, arrow("s", "q", mechanism=""), arrow("q", "n"), arrow("a", "s"))
    return Graph(boxes, arrows)


def no_evidence(graph):
    return altered(graph, "mo", is_own_judgement=False)


def loop(graph):
    return Graph(graph.boxes, (*graph.arrows, arrow("p", "a")))


def orphan(graph):
    return Graph((*graph.boxes, box("z", "outcome")), graph.arrows)


def one_sided_indicator(graph):
    return without(graph, "pi")


PLANTS = {
    one.__name__: one
    for one in (
        leap,
        missing_assumption,
        no_indicator,
        no_harm_path,
        outcome_without_mechanism,
        no_evidence,
        loop,
        orphan,
        one_sided_indicator,
    )
}


def test_every_check_of_the_content_is_there_and_planted_here():
    assert {*CHECKS, "orphan"} == set(check_rows()) == set(PLANTS)


def test_a_complete_theory_has_no_fault():
    assert found(CLEAN) == []


def test_nothing_is_said_of_a_theory_without_steps():
    assert found(Graph()) == []


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_fault_is_found_and_nothing_else(name):
    assert found(PLANTS[name](CLEAN)) == [name]


def test_four_planted_faults_are_exactly_the_four_that_are_found():
    planted = no_harm_path(no_indicator(missing_assumption(leap(CLEAN))))
    assert found(planted) == ["leap", "missing_assumption", "no_indicator", "no_harm_path"]


def test_an_outcome_after_a_leap_is_not_named_again():
    chain = Graph(
        tuple(one for one in BOXES if one.uid in "aopijh"),
        (
            arrow("a", "o", mechanism=""),
            arrow("o", "p", mechanism=""),
            *(one for one in ARROWS if one.target in "ijh"),
        ),
    )
    assert found(chain) == ["leap"]


def test_a_harm_on_a_link_is_a_path_to_harm():
    assert found(altered(no_harm_path(CLEAN), "am", harm="They feel watched")) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"is_own_judgement": False, "has_evidence": True}, []),
        ({"is_own_judgement": True, "has_evidence": False}, []),
        ({"is_own_judgement": False, "has_evidence": False}, ["no_evidence"]),
    ],
)
def test_evidence_or_the_word_that_there_is_none(fields, expected):
    assert found(altered(CLEAN, "mo", **fields)) == expected


def test_two_loops_are_two_faults_and_each_is_named_once():
    more = (*ARROWS, arrow("o", "m"), arrow("p", "o"), arrow("h", "a"))
    loops = [one for one in check(Graph(BOXES, more)) if one.check == "loop"]
    assert sorted("".join(one.uids) for one in loops) == ["ah", "mop"]


@st.composite
def clean_theories(draw):
    """Layers of activities, mechanisms and outcomes, each outcome with an indicator, one harm."""
    sizes = [draw(st.integers(1, 4)) for _ in range(3)]
    kinds = ("activity", "mechanism", "outcome")
    layers = [
        [box(f"{kind[0]}{at}", kind, number=10 * layer + at + 1) for at in range(size)]
        for layer, (kind, size) in enumerate(zip(kinds, sizes, strict=True))
    ]
    arrows = {}
    for before, after in itertools.pairwise(layers):
        for end in after:
            start = draw(st.sampled_from(before))
            arrows[start.uid, end.uid] = arrow(start.uid, end.uid)
        for start in before:
            end = draw(st.sampled_from(after))
            arrows[start.uid, end.uid] = arrow(start.uid, end.uid)
    boxes = [one for layer in layers for one in layer]
    for at, outcome in enumerate(layers[2]):
        witness = draw(st.sampled_from(["survey", "visits", "reports", ""]))
        boxes.append(box(f"i{at}", "indicator", number=100 + at, witness=witness))
        arrows[outcome.uid, f"i{at}"] = arrow(outcome.uid, f"i{at}", assumption="")
    boxes.append(box("h0", "harm", number=200))
    arrows[boxes[0].uid, "h0"] = arrow(boxes[0].uid, "h0")
    return Graph(
        tuple(draw(st.permutations(boxes))), tuple(draw(st.permutations(list(arrows.values()))))
    )


@given(clean_theories())
@settings(max_examples=60)
def test_clean_theories_have_no_fault(graph):
    assert found(graph) == []


@given(clean_theories(), st.data())
@settings(max_examples=60)
def test_one_assumption_taken_away_is_one_fault(graph, data):
    able = [one for one in graph.arrows if graph.kind(one.target) != "indicator"]
    chosen = data.draw(st.sampled_from(able))
    hurt = altered(graph, chosen.uid, assumption="")
    assert [(one.check, one.uids) for one in check(hurt)] == [("missing_assumption", (chosen.uid,))]
