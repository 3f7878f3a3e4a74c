"""Change a theory: steps and links come, change and go; nobody's words are lost by another's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.design.theory.domain.graph import clean_text
from commonlight.web.design.theory.domain.resting import rest_on_links
from commonlight.web.design.theory.domain.versions import keep_before
from commonlight.web.design.theory.models import Link, Step, Theory
from commonlight.web.design.theory.rules import require_write
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor
from commonlight.web.problems.models import Problem

__all__ = [
    "ChangedMeanwhileError",
    "TheoryError",
    "add_link",
    "add_step",
    "change_link",
    "change_step",
    "opened",
    "remove_link",
    "remove_step",
    "touched",
]


class TheoryError(ValueError):
    """A step or link that cannot be, with the field and the sentence that the person reads."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class ChangedMeanwhileError(ValueError):
    """Somebody else changed the same step or link; `current` is how it stands now."""

    def __init__(self, current: Any) -> None:
        super().__init__(_("Somebody else has changed this since you opened it."))
        self.current = current


@transaction.atomic
def add_step(
    actor: Actor,
    problem: Problem,
    *,
    kind: str,
    text: str,
    witness: str = "",
    after: Step | None = None,
    mechanism: str = "",
    assumption: str = "",
    at: datetime | None = None,
) -> Step:
    """A new step; with `after`, also the link that leads to it."""
    theory = opened(actor, problem, at=at)
    touched(actor, theory, at=at)
    step: Step = Step.objects.create(
        workspace=theory.workspace,
        theory=theory,
        number=_next(theory.steps),
        kind=kind,
        text=clean_text(text),
        witness=witness if kind == "indicator" else "",
        changed_by=actor.membership,
        changed_at=at or timezone.now(),
    )
    record(actor, "theory.add_step", theory, problem=problem.number, step=step.number)
    if after is not None:
        texts = {"mechanism": mechanism, "assumption": assumption}
        _linked(actor, theory, after, step, at=at, **texts)
    return step


@transaction.atomic
def add_link(
    actor: Actor, source: Step, target: Step, *, at: datetime | None = None, **fields: Any
) -> Link:
    """A new link between two steps of one theory.

    Raises
    ------
    TheoryError
        If the steps are one and the same, or are linked already.
    """
    theory = opened(actor, source.theory.problem, at=at)
    touched(actor, theory, at=at)
    return _linked(actor, theory, source, target, at=at, **fields)


@transaction.atomic
def change_step(
    actor: Actor,
    step: Step,
    *,
    revision: int,
    kind: str,
    text: str,
    witness: str = "",
    at: datetime | None = None,
) -> Step:
    """Other words or another kind.

    Raises
    ------
    ChangedMeanwhileError
        If somebody else changed the step after the revision that is given.
    """
    fields = {
        "kind": kind,
        "text": clean_text(text),
        "witness": witness if kind == "indicator" else "",
    }
    changed: Step = _changed(actor, step, revision, fields, at=at)
    return changed


@transaction.atomic
def change_link(
    actor: Actor,
    link: Link,
    *,
    revision: int,
    source: Step,
    target: Step,
    at: datetime | None = None,
    **fields: Any,
) -> Link:
    """Other words on a link, or other ends; its evidence and comments stay with it.

    Raises
    ------
    ChangedMeanwhileError
        If somebody else changed the link after the revision that is given.
    TheoryError
        If the ends are one and the same, or are linked already.
    """

    def sound(current: Link) -> None:
        if (current.source_id, current.target_id) != (source.pk, target.pk):
            _check_pair(current.theory, source, target)

    given = {"source": source, "target": target, **_clean(fields)}
    changed: Link = _changed(actor, link, revision, given, at=at, sound=sound)
    return changed


@transaction.atomic
def remove_step(actor: Actor, step: Step, *, at: datetime | None = None) -> None:
    """Take a step out, with the links that start or end at it."""
    theory = opened(actor, step.theory.problem, at=at)
    touched(actor, theory, at=at)
    now = at or timezone.now()
    for rows in (step.leads_on, step.led_to_by):
        rows.filter(removed_at=None).update(removed_at=now)
    Step.objects.of(theory.workspace).filter(pk=step.pk).update(removed_at=now)
    rest_on_links(actor, theory)
    record(actor, "theory.remove_step", theory, problem=theory.problem.number, step=step.number)


@transaction.atomic
def remove_link(actor: Actor, link: Link, *, at: datetime | None = None) -> None:
    """Take a link out; a restored version has it again, with its evidence."""
    theory = opened(actor, link.theory.problem, at=at)
    touched(actor, theory, at=at)
    Link.objects.of(theory.workspace).filter(pk=link.pk).update(removed_at=at or timezone.now())
    rest_on_links(actor, theory)
    record(actor, "theory.remove_link", theory, problem=theory.problem.number, link=link.number)


def opened(actor: Actor, problem: Problem, *, at: datetime | None = None) -> Theory:
    """The theory of a problem, begun if there is none; others wait until it is changed."""
    require_write(actor, problem)
    place = problem.workspace
    begun = {
        "workspace": place,
        "started_by": actor.membership,
        "changed_by": actor.membership,
        "started_at": at or timezone.now(),
        "changed_at": at or timezone.now(),
    }
    theory, _is_new = Theory.objects.of(place).get_or_create(problem=problem, defaults=begun)
    found: Theory = Theory.objects.of(place).select_for_update().get(pk=theory.pk)
    found.problem, found.workspace = problem, place
    return found


def touched(actor: Actor, theory: Theory, *, at: datetime | None = None) -> None:
    """The theory is about to change: what somebody else left is kept before."""
    now = at or timezone.now()
    keep_before(actor, theory, now)
    theory.revision += 1
    theory.changed_by, theory.changed_at = actor.membership, now
    theory.save()


def _linked(
    actor: Actor, theory: Theory, source: Step, target: Step, *, at: datetime | None, **fields: Any
) -> Link:
    _check_pair(theory, source, target)
    link: Link = Link.objects.create(
        workspace=theory.workspace,
        theory=theory,
        number=_next(theory.links),
        source=source,
        target=target,
        changed_by=actor.membership,
        changed_at=at or timezone.now(),
        **_clean(fields),
    )
    rest_on_links(actor, theory)
    record(actor, "theory.add_link", theory, problem=theory.problem.number, link=link.number)
    return link


def _check_pair(theory: Theory, source: Step, target: Step) -> None:
    if source.pk == target.pk:
        raise TheoryError("target", _("A step cannot lead to itself. Choose another step."))
    rows = theory.links.filter(source=source, target=target, removed_at=None)
    known = rows.first()
    if known is not None:
        raise TheoryError(
            "target",
            _("Step %(start)s leads to step %(end)s already: see link %(number)s.")
            % {"start": source.number, "end": target.number, "number": known.number},
        )


def _changed(
    actor: Actor,
    part: Any,
    revision: int,
    fields: dict[str, Any],
    *,
    at: datetime | None,
    sound: Callable[[Any], None] | None = None,
) -> Any:
    theory = opened(actor, part.theory.problem, at=at)
    current = type(part).objects.of(theory.workspace).select_related("changed_by__organisation")
    current = current.get(pk=part.pk)
    current.theory = theory
    if all(getattr(current, name) == value for name, value in fields.items()):
        return current
    if current.revision != revision or current.removed_at is not None:
        raise ChangedMeanwhileError(current)
    if sound is not None:
        sound(current)
    touched(actor, theory, at=at)
    for name, value in fields.items():
        setattr(current, name, value)
    current.revision += 1
    current.changed_by, current.changed_at = actor.membership, at or timezone.now()
    current.save()
    kind = "step" if isinstance(current, Step) else "link"
    values = {"problem": theory.problem.number, kind: current.number}
    record(actor, f"theory.change_{kind}", theory, **values)
    return current


def _clean(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: clean_text(value) if isinstance(value, str) else value
        for name, value in fields.items()
    }


def _next(rows: Any) -> int:
    """A number that no step or link of the theory has had."""
    last: int = rows.aggregate(last=Max("number"))["last"] or 0
    return last + 1
