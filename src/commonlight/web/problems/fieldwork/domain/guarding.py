"""No contact data of persons in free text, and no words that stigmatise in public."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from commonlight.web.policy import Actor, Decision, Refused
from commonlight.web.policy.rules import refusal_shown
from commonlight.web.problems.fieldwork.methods import contact_in, stigma_in

__all__ = ["FieldworkError", "refuse_contacts", "refuse_stigma", "stop_unless", "whole_deed"]

Given = ParamSpec("Given")
Made = TypeVar("Made")


class FieldworkError(ValueError):
    """Something that cannot be kept, with the field and the sentence that the person reads."""

    def __init__(self, part: str, sentence: str) -> None:
        super().__init__(sentence)
        self.part = part


def refuse_contacts(**texts: str) -> None:
    """Stop a text that holds an e-mail address or a phone number.

    Raises
    ------
    FieldworkError
        With the field and how to write it instead. The text itself is repeated nowhere.
    """
    for part, text in texts.items():
        kind = contact_in(text)
        if kind == "e_mail":
            raise FieldworkError(
                part,
                _(
                    "This text holds an e-mail address. Leave it out: the workbench keeps places "
                    "and groups, never persons. Write “a shopkeeper” instead."
                ),
            )
        if kind == "phone":
            raise FieldworkError(
                part,
                _(
                    "This text holds what looks like a phone number. Leave it out: the workbench "
                    "keeps places and groups, never persons."
                ),
            )


def refuse_stigma(*, language: str, **texts: str) -> None:
    """Stop words that stigmatise people or places, with a better wording.

    Raises
    ------
    FieldworkError
        With the first such word, why it harms, and what to write instead.
    """
    for part, text in texts.items():
        for note in stigma_in(text, language=language):
            raise FieldworkError(
                part,
                _("“%(phrase)s”: %(reason)s Instead: %(instead)s")
                % {"phrase": note.phrase, "reason": note.reason, "instead": note.instead},
            )


def stop_unless(decision: Decision, actor: Actor, action: str, thing: Any = None) -> None:
    """Let pass, or stop with the reason; a stop is logged as any other.

    Raises
    ------
    Refused
        With the decision.
    """
    if not decision:
        refusal_shown.send(Actor, actor=actor, action=action, thing=thing, decision=decision)
        raise Refused(action, decision)


def whole_deed(deed: Callable[Given, Made]) -> Callable[Given, Made]:
    """All of a deed is kept or nothing of it; that it was refused is logged in either case.

    The deed is given the actor first, and then the thing that it is done to.
    """

    @wraps(deed)
    def done(*given: Given.args, **more: Given.kwargs) -> Made:
        try:
            with transaction.atomic():
                return deed(*given, **more)
        except Refused as error:  # what was logged inside is undone with the rest
            actor, *things = given
            refusal_shown.send(
                Actor,
                actor=actor,
                action=error.action,
                thing=things[0] if things else None,
                decision=error.decision,
            )
            raise

    return done
