"""Forms of votes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonlight.web.design.domain.catalogue import groups
from commonlight.web.design.enums import VoteKind
from commonlight.web.design.forms.contacts import RefusesContacts
from commonlight.web.design.models import Idea, Vote
from commonlight.web.problems.models import Problem

__all__ = ["BallotForm", "CountForm", "GroupForm", "VoteForm"]


class VoteForm(RefusesContacts):
    """What is voted on, and how."""

    title = forms.CharField(label=_("Title"), max_length=150)
    source = forms.ChoiceField(label=_("Which ideas are voted on?"))
    kind = forms.ChoiceField(
        label=_("How do the votes come in?"), choices=VoteKind.choices, widget=forms.RadioSelect
    )
    dots = forms.IntegerField(label=_("Dots for each person"), min_value=1, max_value=20, initial=3)
    most_on_one = forms.IntegerField(
        label=_("At most on one idea"), min_value=1, max_value=20, initial=2
    )

    def __init__(self, *given: Any, problem: Problem, **more: Any) -> None:
        super().__init__(*given, **more)
        self._workshops = {f"workshop-{one.number}": one for one in problem.workshops.all()}
        self._clusters = {f"cluster-{one.pk}": one for one in problem.clusters.all()}
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            ("all", _("All ideas of this problem")),
            (_("Ideas of a workshop"), [(key, one.title) for key, one in self._workshops.items()]),
            (_("Ideas of a cluster"), [(key, one.name) for key, one in self._clusters.items()]),
        ]

    def facts(self) -> dict[str, Any]:
        """The answers, with the workshop or the cluster that was chosen."""
        given = dict(self.cleaned_data)
        source = given.pop("source")
        chosen = {"workshop": self._workshops.get(source), "cluster": self._clusters.get(source)}
        return {**given, **chosen}


class GroupForm(forms.Form):
    """The group whose dots are counted next."""

    group = forms.ChoiceField(label=_("Group"))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        titles = [(name, one["title"]) for name, one in groups().items()]
        self.fields["group"].choices = titles  # type: ignore[attr-defined]


class _Dots(forms.Form):
    """A number of dots for each idea of a vote."""

    def __init__(self, *given: Any, vote: Vote, known: dict[int, int], **more: Any) -> None:
        super().__init__(*given, **more)
        self._ideas: list[Idea] = list(vote.ideas.select_related("cluster").order_by("number"))
        for one in self._ideas:
            self.fields[f"dots_{one.pk}"] = forms.IntegerField(
                label=_("%(number)d: %(idea)s") % {"number": one.number, "idea": one.text},
                required=False,
                min_value=0,
                max_value=10_000,
                initial=known.get(one.pk),
            )

    def rows(self) -> list[tuple[Idea, Any]]:
        """Each idea with its field."""
        return [(one, self[f"dots_{one.pk}"]) for one in self._ideas]

    def dots(self) -> dict[int, int]:
        """Dots by the key of the idea."""
        return {one.pk: self.cleaned_data.get(f"dots_{one.pk}") or 0 for one in self._ideas}


class CountForm(_Dots):
    """The dots of a group on the wall."""

    people = forms.IntegerField(
        label=_("How many people of this group placed dots?"), min_value=1, max_value=500
    )


class BallotForm(_Dots):
    """The dots of one member."""
