"""Bring a strategy, a text or a model in, and begin an assessment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commonlight.web.assessment.domain.documents import SUFFIXES, DocumentError, text_of_file
from commonlight.web.assessment.domain.starting import models_of
from commonlight.web.assessment.enums import TextLanguage
from commonlight.web.policy import Actor
from commonlight.web.policy.rules import role_actions
from commonlight.web.workspaces.enums import Role
from commonlight.web.workspaces.models import Membership, Organisation

__all__ = [
    "AssessForm",
    "AssessorsForm",
    "DivideForm",
    "DocumentForm",
    "ModelForm",
    "StrategyForm",
    "TextForm",
]

LONGEST_TITLE = 200
NAMED = _("%(title)s, version %(version)d")
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TextForm(forms.Form):
    """The text: pasted, or from a file."""

    text = forms.CharField(
        label=_("Paste the text"),
        help_text=_("Headings and bullet points may stay. Each sentence becomes one claim."),
        required=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        help_text=_("A text, Markdown, Word or OpenDocument file: .txt, .md, .docx or .odt."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two, and the file as text."""
        given = super().clean() or {}
        text, file = (given.get("text") or "").strip(), given.get("file")
        if text and file:
            self.add_error("file", _("Paste the text or choose a file, not both."))
        elif file:
            try:
                given["text"], given["file_name"] = text_of_file(file.name, file.read()), file.name
            except DocumentError as error:
                self.add_error("file", str(error))
            else:
                self._keep_text(given["text"], file.name)
        elif not text and not self.has_error("text"):
            self.add_error("text", _("Paste the text of the strategy, or choose a file."))
        return given

    def _keep_text(self: Any, text: str, name: str) -> None:
        """A browser forgets a chosen file: if the page is shown again, its text is in the box."""
        self.data = self.data.copy()
        self.data[self.add_prefix("text")] = text
        self["file"].help_text = _(
            "The text of “%(name)s” now stands in the box above. Do not choose the file again."
        ) % {"name": name}


class StrategyForm(TextForm):
    """A strategy and the first assessment of it, in one go."""

    title = forms.CharField(
        label=_("What is the strategy called?"),
        help_text=_("Left empty, the first line of the text is its name."),
        required=False,
        max_length=LONGEST_TITLE,
    )
    language = forms.ChoiceField(
        label=_("Language of the text"),
        help_text=_("It decides where sentences end."),
        choices=TextLanguage.choices,
    )
    authors = forms.ModelMultipleChoiceField(
        label=_("Who wrote it?"),
        help_text=_(
            "People of these organisations may link evidence, but give no verdict. "
            "Leave it empty if none of the partners wrote it."
        ),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    assessors = forms.ModelMultipleChoiceField(
        label=_("Who assesses it?"),
        help_text=_(
            "Nobody from an organisation that wrote it. "
            "Two people from different organisations see more than one."
        ),
        queryset=Membership.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one person who assesses.")},
    )
    model = forms.ChoiceField(label=_("By which model?"), widget=forms.RadioSelect)

    field_order = ("title", "text", "file", "language", "authors", "assessors", "model")

    def __init__(self, *given: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*given, **more)
        data: Any = self.data
        asked = data.getlist("authors") if self.is_bound else []
        _offer_assessors(self, actor, {int(one) for one in asked if one.isdecimal()})
        self.fields["authors"].queryset = Organisation.objects.of(actor.workspace)  # type: ignore[attr-defined]
        self.fields["language"].initial = (get_language() or "en").partition("-")[0]

    def clean(self) -> dict[str, Any]:
        """Nobody judges a text of her own organisation."""
        given = super().clean()
        given["title"] = given.get("title") or _first_line(given.get("text") or "")
        _refuse_authors(self, given, set(given.get("authors") or ()))
        return given


class AssessorsForm(forms.Form):
    """More people who assess."""

    assessors = StrategyForm.base_fields["assessors"]

    def __init__(self, *given: Any, actor: Actor, authors: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.authors = set(authors)
        _offer_assessors(self, actor, {one.pk for one in self.authors})

    def clean(self) -> dict[str, Any]:
        """Nobody judges a text of her own organisation."""
        given = super().clean() or {}
        _refuse_authors(self, given, self.authors)
        return given


class AssessForm(AssessorsForm):
    """Another assessment of the same strategy."""

    model = StrategyForm.base_fields["model"]


class ModelForm(forms.Form):
    """A model of the partnership's own."""

    file = forms.FileField(
        label=_("File of the model"),
        help_text=_(
            "A TOML file with values and principles. Download one of those here to see how."
        ),
        widget=forms.FileInput(attrs={"accept": ".toml"}),
    )


class DivideForm(forms.Form):
    """Where a claim is divided."""

    first = forms.CharField(
        label=_("The first part, word for word"),
        help_text=_("Take away the end. What you take away becomes the second claim."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DocumentForm(forms.Form):
    """A document that lies elsewhere."""

    title = forms.CharField(label=_("Title of the document"), max_length=300)
    dated = forms.DateField(label=_("Date of the document"), widget=DAY)
    page = forms.CharField(label=_("Page or section"), max_length=60)
    text = forms.CharField(
        label=_("What does it say there?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    address = forms.URLField(
        label=_("Address"), required=False, max_length=500, assume_scheme="https"
    )


def _first_line(text: str) -> str:
    """The first line that says something, without the signs of a heading."""
    lines = (line.strip().strip("#=*_ ") for line in text.splitlines())
    return next((line for line in lines if line), "")[:LONGEST_TITLE]


def _offer_assessors(form: Any, actor: Actor, authors: set[int]) -> None:
    """People who may assess; those of an organisation that wrote the text are marked."""
    rows = Membership.objects.of(actor.workspace).filter(ended_at=None)
    able = [one for one in Role.values if "assessment.assess" in role_actions(one)]
    field = form.fields["assessors"]
    field.queryset = rows.filter(role__in=able).select_related("user", "organisation")

    def label(one: Membership) -> str:
        shown = {"person": one.user.name, "organisation": one.organisation.name}
        if one.organisation_id in authors:
            return _("%(person)s – %(organisation)s, which wrote it: gives no verdict") % shown
        return f"{one.user.name} – {one.organisation.name}"

    field.label_from_instance = label
    if "model" in form.fields:
        offered = models_of(actor.workspace)
        form.fields["model"].choices = [
            (
                key,
                _("%(title)s, version %(version)d") % {"title": one.title, "version": one.version},
            )
            for key, one, _kept in offered
        ]
        form.fields["model"].initial = offered[0][0]


def _refuse_authors(form: Any, given: dict[str, Any], authors: set[Any]) -> None:
    named = [one for one in given.get("assessors") or () if one.organisation in authors]
    if named:
        names = ", ".join(sorted({one.organisation.name for one in named}))
        form.add_error(
            "assessors",
            _(
                "%(names)s wrote this strategy, so its people give no verdict on it. "
                "Choose somebody from another organisation."
            )
            % {"names": names},
        )
