"""No text that a person reads is written past the translation."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[3] / "src/commonlight/web"
TEMPLATES = sorted([*WEB.rglob("templates/**/*.html"), *WEB.rglob("templates/**/*.txt")])
MODULES = sorted(path for path in WEB.rglob("*.py") if "migrations" not in path.parts)

SPOKEN = frozenset({"alt", "title", "placeholder", "aria-label", "aria-description", "content"})
SILENT = frozenset({"script", "style", "code", "kbd", "samp", "pre"})
WORD = re.compile(r"[^\W\d_]{2,}")
#: Names that are the same in every language.
NAMES = re.compile(
    r"\b(Commonlight|EUPL|CSV|PDF|JSON-LD|JSON|GeoJSON|Turtle|SVG|ICCS|API|OpenAPI|DCAT-AP|URL"
    r"|CC BY-SA|CC BY|CC0)\b"
)

TRANSLATED = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?%}.*?{%\s*endblocktrans(?:late)?\s*%}"
    r"|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}|{#.*?#}",
    re.DOTALL,
)
TAG = re.compile(r"{%.*?%}", re.DOTALL)
VALUE = re.compile(r"{{.*?}}", re.DOTALL)

#: Tags of ours whose arguments are read by people: positions, and names.
TEXT_ARGUMENTS = {
    "action_button": ((0,), {"about"}),
    "tag": ((0,), set()),
    "notice": ((), {"title"}),
    "empty_state": ((0,), {"title"}),
    "filter_form": ((1,), {"label"}),
    "breadcrumb": ((0, 2, 4, 6), set()),
    "term": ((1,), {"text"}),
    "method_link": ((1,), {"name"}),
    "chart": ((2,), {"sentence"}),
}


class Reader(HTMLParser):
    """Collects what a page says or shows."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        given = dict(attrs)
        for name, value in given.items():
            is_button = tag == "input" and given.get("type") in {"submit", "button", "reset"}
            spoken = name in SPOKEN - {"content"} or (name == "value" and is_button)
            spoken = spoken or (name == "content" and given.get("name") == "description")
            if spoken or name.startswith("data-text"):
                self.said.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def words_of(template: str) -> list[str]:
    """Words in a template that no translation reaches."""
    rest = TRANSLATED.sub(" ", template)
    found = [text for tag in TAG.findall(rest) for text in _arguments(tag)]
    reader = Reader()
    reader.feed(VALUE.sub(" ", TAG.sub(" ", rest)))
    return [text.strip() for text in [*found, *reader.said] if WORD.search(NAMES.sub("", text))]


def _arguments(tag: str) -> Iterator[str]:
    name, *rest = re.findall(r'(?:\w+=)?_\("[^"]*"\)|(?:\w+=)?"[^"]*"|\S+', tag[2:-2])
    if name not in TEXT_ARGUMENTS:
        return
    positions, names = TEXT_ARGUMENTS[name]
    plain = [one for one in rest if not re.match(r"\w+=", one)]
    for place in positions:
        if place < len(plain) and plain[place].startswith('"'):
            yield plain[place].strip('"')
    for one in rest:
        key, _, value = one.partition("=")
        if key in names and value.startswith('"'):
            yield value.strip('"')


KEYWORDS = frozenset(
    "label help_text verbose_name verbose_name_plural empty_label empty_value_display "
    "label_suffix error_messages reason ask".split()
)
#: Calls whose text argument people read: position of the text.
CALLS = {
    "ValidationError": 0,
    "refused": 0,
    "NavigationItem": 0,
    "success": 1,
    "error": 1,
    "warning": 1,
    "info": 1,
    "add_message": 2,
    "add_error": 1,
    "SummaryRow": 0,
    "Task": 0,
    "BigNumber": 1,
}


def texts_of(source: str) -> list[str]:
    """Texts in Python code that people would read without translation."""
    tree = ast.parse(source)
    return [
        text for node in ast.walk(tree) for text in (*_of_call(node), *_of_choices(node)) if text
    ]


def _of_call(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    for keyword in node.keywords if name != "record" else ():  # the log keeps codes, not words
        if keyword.arg in KEYWORDS:
            yield from _plain(keyword.value)
    owner = getattr(getattr(function, "value", None), "id", "")
    if name in {"success", "error", "warning", "info"} and owner != "messages":
        return
    place = CALLS.get(name)
    if place is not None and place < len(node.args):
        yield from _plain(node.args[place])
    if owner == "models" and name.endswith("Field") and node.args:
        yield from _plain(node.args[0])


def _of_choices(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.ClassDef):
        return
    if not any(getattr(base, "id", "").endswith("Choices") for base in node.bases):
        return
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple):
            yield from _plain(statement.value.elts[-1])


def _plain(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if WORD.search(NAMES.sub("", node.value)):
            yield node.value
    elif isinstance(node, ast.JoinedStr):
        parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
        if any(WORD.search(str(part)) for part in parts):
            yield ast.unparse(node)
    elif isinstance(node, ast.BinOp):
        yield from _plain(node.left)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_templates_say_nothing_past_the_translation(path):
    assert words_of(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(WEB)))
def test_python_says_nothing_past_the_translation(path):
    assert texts_of(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<p>{% translate "Hello" %}</p>', []),
        ("{% blocktranslate trimmed %}<p>Hello {{ name }}</p>{% endblocktranslate %}", []),
        ('<img alt="A map">', ["A map"]),
        ('<input type="submit" value="Send">', ["Send"]),
        ('<input type="hidden" value="send">', []),
        ('<a title="Open" href="/x/">{{ name }}</a>', ["Open"]),
        ("<code>sessionid</code>", []),
        ("{# a note #}{% comment %}words{% endcomment %}", []),
        ("<p>{{ count }} rows</p>", ["rows"]),
        ('{% action_button "Export" url %}', ["Export"]),
        ('{% action_button _("Export") url kind="secondary" %}', []),
        ('{% notice "info" title="Read this" %}{% endnotice %}', ["Read this"]),
        ("<p>, : 12 x</p>", []),
        ("<p>Commonlight</p>", []),
    ],
)
def test_the_search_of_templates_finds_what_it_should(template, found):
    assert words_of(template) == found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('CharField(label="Name")', ["Name"]),
        ('CharField(label=_("Name"))', []),
        ('models.CharField("name", max_length=3)', ["name"]),
        ('models.ForeignKey("workspaces.Workspace")', []),
        ('messages.success(request, "Saved")', ["Saved"]),
        ('messages.success(request, f"Saved {name}")', ["f'Saved {name}'"]),
        ('messages.success(request, "Saved %s" % name)', ["Saved %s"]),
        ('logger.info("x", "started the worker")', []),
        ('ValidationError("Too long")', ["Too long"]),
        ('refused("Not yours", "Ask")', ["Not yours"]),
        ('class A(TextChoices):\n    B = "b", "Bee"', ["Bee"]),
        ('class A(TextChoices):\n    B = "b", _("Bee")', []),
    ],
)
def test_the_search_of_code_finds_what_it_should(code, found):
    assert texts_of(code) == found


def _fields() -> Iterator[tuple[str, str, object]]:
    from django import forms

    for info in pkgutil.walk_packages([str(WEB)], "commonlight.web."):
        if "form" not in info.name.rsplit(".", 2)[-2] + info.name.rsplit(".", 1)[-1]:
            continue
        for form in vars(importlib.import_module(info.name)).values():
            if isinstance(form, type) and issubclass(form, forms.BaseForm):
                for name, field in getattr(form, "base_fields", {}).items():
                    if form.__module__ == info.name and not field.widget.is_hidden:
                        yield form.__qualname__, name, field.label


def test_no_label_of_a_field_is_made_from_its_name():
    from django.utils.functional import Promise

    fields = list(_fields())
    assert len(fields) > 50
    told = {f"{form}.{name}" for form, name, label in fields if not isinstance(label, Promise)}
    unlabelled = {f"{form}.{name}" for form, name, label in fields if label is None}
    assert told - unlabelled == set(), "label the field, or name the model's field in words"
