"""Forms of ideas and clusters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.forms.contacts import RefusesContacts
from commonlight.web.problems.models import Problem

__all__ = ["ClusterForm", "ClusterNameForm", "IdeaFilterForm", "IdeaForm", "KeepForm"]


class IdeaForm(RefusesContacts):
    """An idea in a sentence."""

    text = forms.CharField(
        label=_("The idea in one sentence"),
        help_text=_("What is done, for whom, where. No names of persons."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class IdeaFilterForm(forms.Form):
    """Which ideas are listed."""

    q = forms.CharField(label=_("Words in the idea"), required=False, max_length=100)
    cluster = forms.ChoiceField(label=_("Cluster"), required=False)
    workshop = forms.ChoiceField(label=_("Workshop"), required=False)
    kept = forms.ChoiceField(
        label=_("Minority ideas"),
        required=False,
        choices=[("", _("All ideas")), ("kept", _("Kept minority ideas only"))],
    )

    def __init__(self, *given: Any, problem: Problem, **more: Any) -> None:
        super().__init__(*given, **more)
        clusters = [(str(one.pk), one.name) for one in problem.clusters.all()]
        held = [(str(one.number), one.title) for one in problem.workshops.all()]
        self.fields["cluster"].choices = [  # type: ignore[attr-defined]
            ("", _("All clusters")),
            ("none", _("In no cluster yet")),
            *clusters,
        ]
        self.fields["workshop"].choices = [("", _("All workshops")), *held]  # type: ignore[attr-defined]


class ClusterForm(RefusesContacts):
    """The cluster into which the chosen ideas are laid."""

    cluster = forms.CharField(
        label=_("Name of the cluster"),
        help_text=_("A name that is not there yet makes a new cluster. Empty: out of any cluster."),
        max_length=100,
        required=False,
    )


class ClusterNameForm(RefusesContacts):
    """Another name for a cluster."""

    name = forms.CharField(label=_("Name of the cluster"), max_length=100)


class KeepForm(RefusesContacts):
    """Why an idea with few votes goes on."""

    reason = forms.CharField(
        label=_("Who needs it, and why?"),
        help_text=_("One sentence. It stands beside the idea wherever it is shown."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
