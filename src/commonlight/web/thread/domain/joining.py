"""Join a claim to a ground, part them, and say why a claim holds without one."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonlight.web.eventlog.record import record
from commonlight.web.policy import Actor, require
from commonlight.web.thread.domain.web import web_of
from commonlight.web.thread.kinds import key_of, kind_named
from commonlight.web.thread.models import Link

__all__ = ["LinkError", "join", "part", "settle"]


class LinkError(ValueError):
    """A link that cannot be, with the sentence that the person reads."""


def join(actor: Actor, claim: Any, ground: Any, *, note: str = "") -> Link:
    """Let the claim rest on the ground; to join what is joined changes nothing.

    Raises
    ------
    LinkError
        If the claim would rest on itself, or things of this kind support nothing.
    Refused
        If the actor may not change the claim or may not see the ground.
    """
    require(actor, "thread.link", claim)
    above, below = key_of(claim), key_of(ground)
    _require_sight(actor, ground)
    if not kind_named(below[0]).may_ground:
        raise LinkError(_("Nothing can rest on this."))
    with transaction.atomic():
        web = web_of(actor.workspace)
        for link in web.grounds.get(above, ()):
            if link.ground == below:
                known: Link = Link.objects.of(actor.workspace).get(pk=link.pk)
                return known
        if above == below or above in set(web.below(below)):
            raise LinkError(
                _("This rests on the claim itself; evidence cannot go round in a circle.")
            )
        return _made(actor, above, below, note)


def part(actor: Actor, claim: Any, link: Link, *, reason: str) -> None:
    """Take the link away; all that rests on the claim is unsupported until it is settled."""
    require(actor, "thread.link", claim)
    if not reason.strip():
        raise LinkError(_("Say why the link is removed."))
    if not link.is_live:
        return
    with transaction.atomic():
        link.removed_by, link.removed_at = actor.membership, timezone.now()
        link.removal_reason = reason.strip()
        link.save()
        record(actor, "thread.part", claim, link=link.pk, ground=list(link.ground))


def settle(actor: Actor, claim: Any, link: Link, *, reason: str) -> None:
    """Say why the claim holds without a link that was removed."""
    require(actor, "thread.link", claim)
    if not reason.strip():
        raise LinkError(_("Say why this holds without what was removed."))
    if not link.is_open_wound:
        return
    with transaction.atomic():
        link.settled_by, link.settled_at = actor.membership, timezone.now()
        link.settled_reason = reason.strip()
        link.save()
        record(actor, "thread.settle", claim, link=link.pk, ground=list(link.ground))


def _made(actor: Actor, above: tuple[str, str], below: tuple[str, str], note: str) -> Link:
    """The new link; a wound of the same pair is healed by it."""
    now = timezone.now()
    pair = {
        "claim_kind": above[0],
        "claim_key": above[1],
        "ground_kind": below[0],
        "ground_key": below[1],
    }
    healed = Link.objects.of(actor.workspace).filter(
        **pair, removed_at__isnull=False, settled_at__isnull=True
    )
    healed.update(settled_at=now, settled_by=actor.membership, settled_reason=_("Joined again."))
    try:
        with transaction.atomic():
            link: Link = Link.objects.create(
                workspace=actor.workspace, **pair, note=note.strip(), made_by=actor.membership
            )
    except IntegrityError:  # somebody else joined the same pair in this moment
        found: Link = Link.objects.of(actor.workspace).get(**pair, removed_at__isnull=True)
        return found
    record(actor, "thread.join", link, claim=list(above), ground=list(below))
    return link


def _require_sight(actor: Actor, ground: Any) -> None:
    """Nobody can cite what she may not see."""
    kind = kind_named(key_of(ground)[0])
    decision = kind.see(actor, {kind.key(ground): ground})[kind.key(ground)]
    if not decision:
        from commonlight.web.policy import Refused

        raise Refused("thread.link", decision)
