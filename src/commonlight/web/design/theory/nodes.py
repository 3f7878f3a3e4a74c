"""Theories and their links as claims of the thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonlight.web.design.theory.models import Link, Theory
from commonlight.web.design.theory.rules import may_write
from commonlight.web.policy import Actor, Decision, decide, refused
from commonlight.web.thread import NodeKind, register
from commonlight.web.thread.rows import finder, with_words

__all__ = ["LINK", "THEORY"]


def _see(actor: Actor, things: Mapping[str, Any]) -> dict[str, Decision]:
    """Every member whose role includes designs reads all theories."""
    decision = decide(actor, "design.view")
    return dict.fromkeys(things, decision)


def _live(links: Mapping[str, Link]) -> dict[str, Decision]:
    """A link that was taken out of its theory stands no more."""
    gone = refused(_("The link was taken out of the theory."))
    return {key: gone for key, one in links.items() if one.removed_at is not None}


def _change_link(actor: Actor, link: Link) -> Decision:
    if link.removed_at is not None:
        return refused(_("The link was taken out of the theory."))
    return may_write(actor, link.theory.problem)


def _title(link: Link) -> str:
    values = {"start": link.source.text, "end": link.target.text}
    return _("“%(start)s” leads to “%(end)s”") % values


def _address(theory: Theory) -> str:
    return reverse("theory:theory", args=[theory.workspace.slug, theory.problem.number])


def _link_address(link: Link) -> str:
    place = [link.workspace.slug, link.theory.problem.number]
    if link.removed_at is not None:
        return reverse("theory:theory", args=place)
    return reverse("theory:link", args=[*place, link.number])


def _offer(actor: Actor, words: str) -> Iterable[Theory]:
    found = Theory.objects.of(actor.workspace).select_related("workspace", "problem")
    found = with_words(found, words, "problem__title")
    return found if decide(actor, "design.view") else []


THEORY = register(
    NodeKind(
        name="theory",
        label=gettext_lazy("theory of change"),
        model=Theory,
        find=finder(Theory, "workspace", "problem__workspace"),
        title=lambda one: _("Theory of change: %(problem)s") % {"problem": one.problem.title},
        address=_address,
        see=_see,
        change=lambda actor, one: may_write(actor, one.problem),
        offer=_offer,
    )
)

LINK = register(
    NodeKind(
        name="theory_link",
        label=gettext_lazy("link of a theory of change"),
        model=Link,
        find=finder(Link, "workspace", "source", "target", "theory__problem__workspace"),
        title=_title,
        address=_link_address,
        see=_see,
        live=_live,
        change=_change_link,
    )
)
