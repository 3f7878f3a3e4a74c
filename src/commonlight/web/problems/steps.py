"""What to do next with a problem, in plain words, for whoever looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from commonlight.web.policy import Actor, decide
from commonlight.web.problems.addresses import address
from commonlight.web.problems.domain.framing import FEWEST
from commonlight.web.problems.enums import ProblemState
from commonlight.web.problems.models import FrameRound, Problem
from commonlight.web.problems.needs import Known, Lack, known_of
from commonlight.web.problems.path import PartState, Pillar
from commonlight.web.problems.path_parts import counted
from commonlight.web.ui.dates import date_format

__all__ = ["Step", "next_step", "pillar_of"]

Text = str | Promise
FIRST, DESIGN = "problem_identification", "design"


@dataclass(frozen=True, kw_only=True)
class Step:
    """The next thing to do: why, where, and what the button says."""

    title: Text
    text: Text
    url: str = ""
    button: Text = ""
    action: str = "problem.view"
    method: str = "get"
    """`post` where the button itself does the step."""
    lacks: tuple[Lack, ...] = ()
    is_named: bool = False
    """Whether the text names one thing that is missing, so that it is read wherever one is."""
    meanwhile: tuple[Text, str] | None = None
    """What can be done while others are waited for, and where."""


def next_step(actor: Actor, problem: Problem, path: Iterable[Pillar]) -> Step:
    """The one step that brings the problem on."""
    known = known_of(actor, [problem])
    return _STEPS.get(problem.state, _further)(actor, problem, known, list(path))


def pillar_of(step: Step, path: Iterable[Pillar]) -> str:
    """The pillar to which a step belongs: the one whose part it opens, else the first."""
    opened = (one for one in path if any(state.address == step.url for _, state in one.parts))
    found = next(opened, None)
    return found.id if found else FIRST if step.url else ""


def _ask(actor: Actor, problem: Problem, known: Known, path: list[Pillar]) -> Step:
    return Step(
        title=_("Ask your partners how they see it"),
        text=_(
            "Each partner answers the same seven short questions alone. Nobody sees another "
            "answer before a closing time that you choose. This comes before the statement is "
            "written, so that no organisation defines the problem for all."
        ),
        url=address(problem, "ask"),
        button=_("Ask partners apart"),
        action="problem.move",
    )


def _wait(actor: Actor, problem: Problem, known: Known, path: list[Pillar]) -> Step:
    round = known.rounds[problem.pk][0]
    until = date_format(localtime(round.closes_at), "DATETIME_FORMAT")
    if decide(actor, "problem.frame", round) and not _has_answered(actor, round):
        return Step(
            title=_("Say how your organisation sees it"),
            text=_(
                "Seven short questions, about five minutes. You can change your answer until "
                "%(time)s. Nobody else can read it before then."
            )
            % {"time": until},
            url=address(problem, "answer", round.number),
            button=_("Answer the questions"),
            action="problem.frame",
        )
    if round.answered >= len(round.organisations.all()):
        if not decide(actor, "problem.move", problem):
            return _others_open(problem, round, until)
        return Step(
            title=_("Open the answers now"),
            text=counted(round),
            url=address(problem, "close", round.number),
            button=_("Open the answers"),
            action="problem.move",
            method="post",
        )
    return Step(
        title=_("Wait for the partners"),
        text=_(
            "%(counted)s The answers open at %(time)s. Until then you can look for sources and "
            "for groups that nobody has heard."
        )
        % {"counted": counted(round), "time": until},
        url=address(problem, "round", round.number),
        button=_("See who was asked"),
        meanwhile=(_("Open the board of sources"), address(problem, "sources")),
    )


def _others_open(problem: Problem, round: FrameRound, until: str) -> Step:
    """Who may not open the answers is told who may."""
    owner = problem.owner
    told = (
        _("%(owner)s and the coordinator can open them now.") % {"owner": owner}
        if owner
        else _("The coordinator can open them now.")
    )
    return Step(
        title=_("Wait until the answers are opened"),
        text=_(
            "%(counted)s %(who)s Otherwise they open at %(time)s. Until then you can look for "
            "sources and for groups that nobody has heard."
        )
        % {"counted": counted(round), "who": told, "time": until},
        url=address(problem, "round", round.number),
        button=_("See who was asked"),
        meanwhile=(_("Open the board of sources"), address(problem, "sources")),
    )


def _has_answered(actor: Actor, round: FrameRound) -> bool:
    """Whether the actor's own organisation has; of others this is told to nobody."""
    frames = (one for one in round.frames.all() if one.organisation_id == actor.organisation_id)
    return any(one.sent_at is not None for one in frames)


def _agree(actor: Actor, problem: Problem, known: Known, path: list[Pillar]) -> Step:
    lacks = known.lacks[problem.pk]
    if any(one.need == "joint_statement" for one in lacks):
        round = known.rounds[problem.pk][0]
        if _too_few(round):
            return _ask_again(problem)
        return Step(
            title=_("Read the answers, then write the statement together"),
            text=_(
                "See where the partners agree and where they differ. Then meet, and write one "
                "statement. A cause that you leave out gets a reason that stays in the record."
            ),
            url=address(problem, "round", round.number),
            button=_("Compare the answers"),
        )
    if lacks:
        return Step(
            title=_("Fill in what is still missing"),
            text=lacks[0].text,
            url=lacks[0].address,
            button=_("Add it now"),
            is_named=True,
            lacks=tuple(lacks[1:]),
        )
    return Step(
        title=_("Mark the problem as defined"),
        text=_("Nothing is missing. Once it is defined, the partners look for what can be done."),
        url=address(problem, "define"),
        button=_("Check and mark as defined"),
        action="problem.move",
    )


def _too_few(round: FrameRound) -> bool:
    """Whether fewer have answered than a comparison needs."""
    return sum(one.answers is not None for one in round.frames.all()) < FEWEST


def _ask_again(problem: Problem) -> Step:
    return Step(
        title=_("Ask again"),
        text=_(
            "Fewer than two partners have answered, so there is nothing to compare. Talk to "
            "them first, then ask them again with a later closing time."
        ),
        url=address(problem, "ask"),
        button=_("Ask partners apart"),
        action="problem.move",
    )


def _further(actor: Actor, problem: Problem, known: Known, path: list[Pillar]) -> Step:
    """The first thing that is missing on the path and cannot wait; what can wait comes last."""
    lacks = known.lacks[problem.pk]
    if lacks:
        return Step(
            title=_("Something that was there is missing now"),
            text=lacks[0].text,
            url=lacks[0].address,
            button=_("Add it now"),
            is_named=True,
            lacks=tuple(lacks[1:]),
        )
    if problem.state == ProblemState.BRIEFED:
        return _done(_("The design brief is approved. What the path still misses can be added."))
    for pillar in path:
        if pillar.id == DESIGN and problem.state == ProblemState.DEFINED:
            return _begin_design(problem, pillar)
        urgent = [one for one in pillar.parts if one[1].missing and one[1].holds_up]
        if urgent:
            return _go_on(pillar, *urgent[0])
    for pillar in path:
        for label, state in pillar.parts:
            if state.missing:
                return _go_on(pillar, label, state)
    return _done(_("What comes next is not built yet. Nothing there is filled in for you."))


def _done(text: str) -> Step:
    return Step(title=_("This half of the path is done"), text=text)


def _begin_design(problem: Problem, pillar: Pillar) -> Step:
    return Step(
        title=_("Begin to design"),
        text=pillar.purpose,
        url=address(problem, "start-design"),
        button=_("Begin to design"),
        action="problem.move",
        method="post",
    )


def _go_on(pillar: Pillar, label: Text, state: PartState) -> Step:
    """A part that lacks something; a part that may be left out is asked of nobody."""
    return Step(
        title=_("Go on with “%(pillar)s”") % {"pillar": pillar.title},
        text=state.missing[0],
        url=state.address,
        button=_("Open “%(part)s”") % {"part": label},
        is_named=True,
    )


def _rest(actor: Actor, problem: Problem, known: Known, path: list[Pillar]) -> Step:
    return Step(
        title=_("This problem was set aside"),
        text=problem.state_reason,
        url=address(problem, "take-up"),
        button=_("Take it up again"),
        action="problem.move",
    )


_STEPS: dict[str, Callable[[Actor, Problem, Known, list[Pillar]], Step]] = {
    ProblemState.SIGNALLED: _ask,
    ProblemState.FRAMING: _wait,
    ProblemState.FRAMED: _agree,
    ProblemState.SET_ASIDE: _rest,
}
