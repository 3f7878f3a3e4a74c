"""The reply register of a problem as a ground of the thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonlight.web.design.engagement.domain.register import tallies
from commonlight.web.design.engagement.models import Engagement
from commonlight.web.policy import Actor, Decision, decide, refused
from commonlight.web.thread import NodeKind, register
from commonlight.web.thread.rows import finder

__all__ = ["REPLY_REGISTER"]


def _see(actor: Actor, things: Mapping[str, Engagement]) -> dict[str, Decision]:
    return {key: decide(actor, "design.view", one) for key, one in things.items()}


def _live(things: Mapping[str, Engagement]) -> dict[str, Decision]:
    """A register stands while it holds replies and nobody has waited longer than promised."""
    counted = tallies([one.problem for one in things.values()])
    found = {}
    for key, one in things.items():
        tally = counted[one.problem_id]
        if not tally.replied:
            found[key] = refused(_("No contribution has a reply in it."))
        elif tally.late:
            told = ngettext(
                "%(count)s contribution has waited for its reply for more than eight weeks.",
                "%(count)s contributions have waited for their reply for more than eight weeks.",
                tally.late,
            )
            found[key] = refused(told % {"count": tally.late})
    return found


def _offer(actor: Actor, words: str) -> Iterable[Engagement]:
    rows: QuerySet[Engagement] = Engagement.objects.of(actor.workspace).filter(
        problem__contributions__isnull=False, problem__title__icontains=words.strip()
    )
    return rows.select_related("problem__workspace").distinct()


def _address(one: Engagement) -> str:
    return reverse("engagement:register", args=[one.problem.workspace.slug, one.problem.number])


REPLY_REGISTER = register(
    NodeKind(
        name="reply_register",
        label=gettext_lazy("reply register"),
        model=Engagement,
        find=finder(Engagement, "problem__workspace"),
        title=lambda one: (
            _("Replies to those who were heard on “%(problem)s”") % {"problem": one.problem.title}
        ),
        address=_address,
        see=_see,
        live=_live,
        offer=_offer,
        nature=lambda one: "qualitative",
        must_rest=False,
    )
)
