"""Components: they say what they must, escape what they are given, and keep what was typed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils.translation import override

from commonlight.web.policy import Decision
from commonlight.web.ui.components.forms import is_optional

NASTY = '<script>alert("x")</script>'
ESCAPED = "&lt;script&gt;"


def drawn(source: str, request: Any = None, /, **context: Any) -> str:
    template = Template("{% load ui %}" + source)
    if request is None:
        return template.render(Context(context))
    return template.render(RequestContext(request, context))


class Question(forms.Form):
    name = forms.CharField(label="Name", help_text="As others see it.")
    role = forms.ChoiceField(choices=[("r", "Reader"), ("w", "Writer")], widget=forms.RadioSelect)
    ticked = forms.BooleanField(label="Agreed")
    note = forms.CharField(label="Note", required=False)


def test_the_error_summary_links_each_error_to_the_control_that_one_types_in():
    form = Question({"note": "kept"})
    text = drawn("{% error_summary form %}", form=form)
    assert 'role="alert"' in text
    assert re.findall(r'href="#([^"]+)"', text) == ["id_name", "id_role_0", "id_ticked"]


def test_the_error_summary_calls_an_empty_field_by_its_name():
    form = Question(data={})
    with override("de"):
        text = drawn("{% error_summary form %}", form=form)
    label = next(bound.label for bound in form if bound.errors)
    assert f"„{label}“ ist leer." in text
    assert "Dieses Feld" not in text


def test_the_error_summary_of_a_form_without_errors_is_nothing():
    assert drawn("{% error_summary form %}", form=Question()).strip() == ""


def test_the_title_says_error_only_where_a_form_was_sent_with_errors():
    sent, fresh = Question({}), Question()
    sent.is_valid()
    assert drawn("{% error_prefix %}", form=sent) == "Error: "
    assert drawn("{% error_prefix %}", form=fresh) == ""


def test_a_form_set_names_the_errors_of_each_of_its_forms():
    questions = forms.formset_factory(Question, extra=0)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2"}
    sent = questions(data)
    assert not sent.is_valid()
    text = drawn("{% error_summary form %}", form=sent)
    assert 'href="#id_form-0-name"' in text
    assert 'href="#id_form-1-name"' in text
    assert drawn("{% error_prefix %}", form=sent) == "Error: "


def test_a_field_says_its_hint_and_error_in_its_description_and_keeps_what_was_typed():
    form = Question({"name": "", "note": NASTY})
    text = drawn("{% field form.name %}{% field form.note %}", form=form)
    described = re.search(
        r'id="id_name"[^>]*aria-describedby="([^"]+)"|aria-describedby="([^"]+)"[^>]*id="id_name"',
        text,
    )
    assert described is not None
    for name in (described[1] or described[2]).split():
        assert f'id="{name}"' in text
    assert 'aria-invalid="true"' in text
    assert f'value="{ESCAPED}' in text
    assert "(optional)" in text


class Depending(forms.Form):
    """A form in which one answer asks for another."""

    sometimes_required = ("why_*", "reason")

    why_1 = forms.CharField(required=False)
    reason = forms.CharField(required=False)
    note = forms.CharField(required=False)
    name = forms.CharField()


def test_what_another_answer_asks_for_is_not_called_optional() -> None:
    form = Depending()
    assert [one.name for one in form if is_optional(one)] == ["note"]


def test_a_choice_is_a_fieldset_with_a_legend():
    text = drawn("{% field form.role %}", form=Question())
    assert "<fieldset" in text
    assert "<legend>Role" in text
    assert 'for="id_role_0"' in text


def test_all_fields_are_drawn_and_hidden_ones_have_no_label():
    class Hidden(Question):
        step = forms.CharField(widget=forms.HiddenInput, initial="2")

    text = drawn("{% form_fields form %}", form=Hidden())
    assert text.count("<label") + text.count("<legend") >= 4
    assert 'type="hidden" name="step"' in text
    assert "Step" not in text


@pytest.mark.parametrize(
    "text",
    [
        "{% tag text 'error' %}",
        "{% notice 'warning' title=text %}{{ text }}{% endnotice %}",
        "{% empty_state text %}{{ text }}{% endempty_state %}",
        "{% summary_list rows %}",
        "{% task_list rows %}",
        "{% timeline events %}",
        "{% big_numbers rows %}",
        "{% breadcrumb text '/x/' text %}",
        "{% content_language 'en' %}{{ text }}{% endcontent_language %}",
        "{% data_table table %}",
        "{% action_button text '/x/' %}",
    ],
)
def test_what_a_component_is_given_is_text(text):
    when = datetime(2026, 11, 21, tzinfo=UTC)
    shown = drawn(
        text,
        RequestFactory().get("/"),
        text=NASTY,
        rows=[(NASTY, NASTY)],
        events=[(NASTY, when, NASTY, NASTY)],
        table={"caption": NASTY, "columns": [{"label": NASTY}], "rows": [[NASTY]]},
    )
    assert "<script" not in shown
    assert ESCAPED in shown


def test_an_unknown_kind_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="no kind of tag"):
        drawn("{% tag 'x' 'red' %}")
    with pytest.raises(ValueError, match="no kind of notice"):
        drawn("{% notice 'red' %}{% endnotice %}")


def test_a_row_says_what_its_change_link_changes():
    text = drawn("{% summary_list rows %}", rows=[("Name", "A", "/a/", "Change")])
    assert re.search(r'<a href="/a/">Change<span class="for-ears"> Name</span>', text)


def test_an_event_carries_a_time_that_machines_read():
    when = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
    text = drawn("{% timeline events %}", events=[("Done", when)])
    assert 'datetime="2026-11-21T12:30:00+00:00"' in text
    assert "21 November 2026, 12:30" in text


@pytest.fixture
def decision(monkeypatch):
    """What the policy will answer."""
    answers = []

    def decide(actor, action, thing=None):
        answers.append((actor, action, thing))
        return answers[0]

    answers.append(Decision(True))
    monkeypatch.setattr("commonlight.web.policy.templatetags.policy.decide", decide)
    return answers


def test_a_button_that_the_policy_allows_is_a_form_or_a_link(decision):
    request = RequestFactory().get("/")
    request.actor = "somebody"
    text = "{% action_button 'Export' '/x/' 'data.export' thing method='post' %}"
    posted = drawn(text, request, thing="set")
    assert '<form method="post" action="/x/"' in posted
    assert "csrfmiddlewaretoken" in posted
    assert decision[1] == ("somebody", "data.export", "set")
    assert '<a class="button" href="/x/">Export' in drawn(
        "{% action_button 'Export' '/x/' 'data.export' thing %}", request, thing="set"
    )


def test_a_button_that_the_policy_refuses_says_why_and_whom_to_ask(decision):
    decision[0] = Decision(False, "The agreement has ended.", "Ask the police " + NASTY)
    request = RequestFactory().get("/")
    request.actor = "somebody"
    text = drawn("{% action_button 'Export' '/x/' 'data.export' thing method='post' %}", request)
    assert 'aria-disabled="true"' in text
    assert "<form" not in text
    assert "/x/" not in text
    assert "The agreement has ended." in text
    assert ESCAPED in text


class Filter(forms.Form):
    area = forms.CharField(label="Area", required=False)
    kind = forms.MultipleChoiceField(choices=[("a", "Burglary"), ("b", "Theft")], required=False)


def test_each_chosen_filter_can_be_removed_alone():
    request = RequestFactory().get("/list/", {"kind": ["a", "b"], "area": NASTY, "page": "3"})
    form = Filter(request.GET)
    text = drawn("{% filter_form form %}", request, form=form)
    assert "Kind: Burglary" in text
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(\?[^"]*)"', text)]
    assert any("kind=b" in link and "kind=a" not in link for link in links)
    assert all("page=" not in link for link in links)
    assert "<script" not in text
    assert re.search(r"<details[^>]* open>", text)


def test_the_pages_of_a_list_keep_its_filters():
    from django.core.paginator import Paginator

    request = RequestFactory().get("/list/", {"kind": "a", "page": "2"})
    text = drawn("{% pagination page %}", request, page=Paginator(range(100), 10).get_page(2))
    assert "?kind=a&amp;page=3" in text
    assert 'aria-current="page"' in text
    assert "11 to 20 of 100" in text
    one = drawn("{% pagination page %}", request, page=Paginator(range(5), 10).get_page(1))
    assert one.strip() == ""


def test_a_term_opens_its_definition_and_is_a_link_where_that_is_not_possible():
    text = drawn("A {% term 'hot spot' %}.", RequestFactory().get("/"))
    assert 'href="/help/terms/hot-spot/"' in text
    assert 'popovertarget="term-hot-spot-1"' in text
    assert 'id="term-hot-spot-1" popover' in text
    assert text.endswith("</span>.")


def test_a_term_used_twice_has_two_boxes_with_their_own_names():
    text = drawn("{% term 'hot spot' %}{% term 'hot spot' %}", RequestFactory().get("/"))
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_a_term_that_the_glossary_lacks_is_a_mistake_of_ours():
    with pytest.raises(LookupError, match="does not define 'crime wave'"):
        drawn("{% term 'crime wave' %}", RequestFactory().get("/"))


def test_text_in_another_language_is_marked_and_said_so_once_the_interface_differs():
    text = "{% content_language 'en' %}Burglary fell.{% endcontent_language %}"
    assert '<div lang="en" dir="ltr">Burglary fell.</div>' in drawn(text)
    assert "foreign-note" not in drawn(text)
    with override("de"):
        assert "foreign-note" in drawn(text)


def test_numbers_in_a_table_are_written_as_the_reader_writes_them_and_sorted_by_their_value():
    table = {
        "caption": "Counts",
        "columns": [{"label": "Area"}, {"label": "Rate", "numeric": True, "decimals": 1}],
        "rows": [["Centre", 1234.5], ["North", None], ["South", "withheld"]],
    }
    text = drawn("{% data_table table %}", RequestFactory().get("/"), table=table)
    assert 'data-value="1234.5">1\N{NARROW NO-BREAK SPACE}234.5<' in text
    assert "not known" in text
    assert "withheld" in text
    with override("de"):
        assert ">1\N{NARROW NO-BREAK SPACE}234,5<" in drawn(
            "{% data_table t %}", RequestFactory().get("/"), t=table
        )


def test_no_component_has_an_inline_style_script_or_handler(gallery, client):
    for address in ("/gallery/", "/gallery/findings/", "/gallery/maps/"):
        text = client.get(address).content.decode()
        assert not re.search(r"<[^>]* style=", text)
        assert not re.search(r"<[^>]* on[a-z]+=", text)
        assert not re.search(r"<style|javascript:", text)
        scripts = re.findall(r"<script([^>]*)>", text)
        assert all("src=" in one or 'type="application/json"' in one for one in scripts)


def test_every_id_on_a_page_stands_once_and_every_reference_has_its_target(gallery, client):
    for address in ("/gallery/", "/gallery/findings/", "/gallery/maps/"):
        text = client.get(address).content.decode()
        text = re.sub(r"<template.*?</template>", "", text, flags=re.S)
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert sorted(ids) == sorted(set(ids))
        for names in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', text):
            assert set(names.split()) <= set(ids)


def test_the_page_after_a_mistake_keeps_everything_and_says_error(gallery, client):
    answer = client.post("/gallery/", {"name": "taken", "text": NASTY, "email": "no"})
    text = answer.content.decode()
    assert "<title>Error: Gallery" in text
    assert 'value="taken"' in text
    assert ESCAPED in text
    assert "This name is taken." in text
    assert "<script>alert" not in text


class Groups(forms.Form):
    groups = forms.MultipleChoiceField(
        choices=[(str(one), f"Group {one}") for one in range(8)],
        widget=forms.CheckboxSelectMultiple,
    )


def boxes(form: forms.Form) -> tuple[list[str], list[str]]:
    """The values that are shown at once, and those behind the heading."""
    shown, _, rest = drawn("{% field form.groups %}", form=form).partition("<details")
    return re.findall(r'value="(\d)"', shown), re.findall(r'value="(\d)"', rest)


def test_likely_choices_come_first_and_what_is_chosen_is_never_hidden():
    form = Groups(initial={"groups": ["6"]})
    assert boxes(form) == (list("01234567"), [])
    form.likely_choices = {"groups": ["2"]}
    assert boxes(form) == (["2", "6"], list("013457"))
    assert "Show 6 others" in drawn("{% field form.groups %}", form=form)


def test_a_short_rest_is_not_hidden_and_an_error_opens_it():
    form = Groups()
    form.likely_choices = {"groups": ["0", "1", "2", "3"]}
    assert boxes(form) == (list("01234567"), [])
    wrong = Groups({"groups": ["9"]})
    wrong.likely_choices = {"groups": ["0"]}
    assert "<details open>" in drawn("{% field form.groups %}", form=wrong)
