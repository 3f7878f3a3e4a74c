"""Row 83: models are data with versions; an assessment keeps the one that it began with."""

from __future__ import annotations

import pytest

from commonlight.web.assessment.domain import security_model
from commonlight.web.assessment.domain.finding import model_of
from commonlight.web.assessment.domain.matrix import read_assessment
from commonlight.web.assessment.domain.security_model import (
    ModelError,
    built_in_text,
    digest_of,
    read_model,
)
from commonlight.web.assessment.domain.starting import keep_built_in, keep_model, models_of
from commonlight.web.policy import Refused

FOUR = built_in_text("test_model")


def test_the_model_of_the_workbench_has_five_principles_and_four_values():
    model = read_model(built_in_text("european_security_model"))
    assert [one.id for one in model.principles] == [
        "citizen_centred",
        "transdisciplinary",
        "preventative",
        "collaborative",
        "demonstrable_impact",
    ]
    assert [one.id for one in model.values] == [
        "liberty",
        "democracy",
        "human_rights",
        "rule_of_law",
    ]
    assert model.emphases
    assert model.functions


def test_a_model_of_four_principles_loads_and_an_assessment_by_it_opens(begun, actor_of, city):
    city.workspace.is_simulated = True
    city.workspace.save()
    actor = actor_of("coordinator")
    kept = keep_model(actor, FOUR)
    assert keep_model(actor, FOUR).pk == kept.pk
    rows = read_assessment(actor, begun(model=kept)).matrix
    assert [row.item.id for row in rows.principles] == ["nearby", "timely", "thrifty", "kind"]
    assert [row.item.id for row in rows.values] == ["openness", "care"]


def test_a_model_for_tests_stays_out_of_a_real_workspace(actor_of):
    with pytest.raises(ModelError, match="tests only"):
        keep_model(actor_of("coordinator"), FOUR)
    assert all(
        not model.for_tests_only for _k, model, _r in models_of(actor_of("partner").workspace)
    )


def test_an_old_assessment_opens_against_the_version_it_used(begun, actor_of, monkeypatch):
    old = begun()
    newer = built_in_text("european_security_model").replace("version = 1", "version = 2", 1)
    newer = newer.replace('title = "Citizen-centred"', 'title = "Centred on people"')
    monkeypatch.setattr(
        "commonlight.web.assessment.domain.starting.built_in_text", lambda name: newer
    )
    kept = keep_built_in(actor_of("coordinator"))
    assert (kept.version, kept.digest) == (2, digest_of(newer))
    assert model_of(old).version == 1
    assert model_of(old).title_of("citizen_centred") == "Citizen-centred"
    assert model_of(begun(model=kept)).title_of("citizen_centred") == "Centred on people"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no toml =", "no TOML"),
        ("version = 1", r"\[model\]"),
        (FOUR.replace("version = 1", "version = 0"), "version"),
        (FOUR.replace('id = "timely"', 'id = "nearby"'), "twice"),
        (FOUR.replace('values = ["care"]', 'values = ["money"]'), "money"),
        (FOUR.replace('kind = "balance"', 'kind = "hearsay"'), "hearsay"),
        (FOUR.replace('id = "timely"', 'id = "Ti mely"'), "usable id"),
        (FOUR.replace("[[value]]", "[[worth]]"), r"\[\[value\]\]"),
        ("# " + "x" * security_model.MOST_CHARACTERS, "characters"),
    ],
)
def test_a_model_that_cannot_be_used_says_why(text, told):
    with pytest.raises(ModelError, match=told):
        read_model(text)


def test_only_who_manages_loads_a_model(actor_of):
    for role in ("partner", "analyst", "decision_maker"):
        with pytest.raises(Refused):
            keep_model(actor_of(role), FOUR)
