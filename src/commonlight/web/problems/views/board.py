"""The board of sources, and the groups that nobody has heard."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonlight.web.content import read_content
from commonlight.web.policy import WorkspaceRequest, page
from commonlight.web.problems.domain.answering import respondents
from commonlight.web.problems.domain.board import hear, not_heard, voice_titles, voices_of
from commonlight.web.problems.domain.evidence import Evidence, Source
from commonlight.web.problems.forms.causes import VoiceForm
from commonlight.web.problems.models import Problem
from commonlight.web.problems.needs import known_of
from commonlight.web.problems.problem_needs import contributors
from commonlight.web.problems.views.frame import PILLAR, address, frame, problem_page
from commonlight.web.thread.kinds import kind_named

__all__ = ["board", "voice"]


@require_safe
@page("problem.view")
def board(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """What the problem rests on, by nature and by organisation, and who is not heard."""
    problem = problem_page(request, number)
    context = frame(request, problem, pillar=PILLAR, words=_words())
    known = context["known"]
    evidence: Evidence = known.evidence[problem.pk]
    context |= {
        "groups": _natures(evidence.sources),
        "evidence": evidence,
        "contributors": sorted(contributors(known, problem).values()),
        "alone": _alone(evidence),
        "voices": voices_of(request.actor, [problem])[problem.pk],
        "respondents": respondents(request.actor, evidence),
    }
    return render(request, "problems/board.html", context)


def _natures(sources: tuple[Source, ...]) -> list[tuple[str, str, str, list[Source]]]:
    """Sources by nature; what is neither counted nor told comes last, if there is any."""
    rows = [
        (
            _("Quantitative sources"),
            _("Something counted, such as a finding or a data set of incidents."),
            "quantitative",
            [one for one in sources if one.is_quantitative],
        ),
        (
            _("Qualitative sources"),
            _("Something told or seen, such as a session, a walk or reports of residents."),
            "qualitative",
            [one for one in sources if one.is_qualitative],
        ),
    ]
    others = [one for one in sources if not one.nature]
    return [*rows, *([(_("Other things it rests on"), "", "", others)] if others else [])]


def _alone(evidence: Evidence) -> str:
    """The warning where every account is that of one organisation."""
    found = evidence.single_organisation
    if found is None:
        return ""
    return str(_words()["single_agency"]).replace("{organisation}", found.name)


@require_http_methods(["GET", "HEAD", "POST"])
@page("problem.write")
def voice(request: WorkspaceRequest, workspace: str, number: int, name: str) -> HttpResponse:
    """Through which source a group is heard, or why it is not heard yet."""
    problem = problem_page(request, number, "problem.write")
    if name not in voice_titles():
        raise Http404
    sources = {":".join(one.key): one for one in _open_sources(request, problem)}
    now = next(one for one in voices_of(request.actor, [problem])[problem.pk] if one.id == name)
    sent = request.POST if request.method == "POST" else None
    choices = [(key, one.title) for key, one in sources.items()]
    form = VoiceForm(sent, sources=choices, initial={"reason": now.reason})
    if sent is not None and form.is_valid():
        chosen = form.cleaned_data["source"]
        if chosen:
            hear(request.actor, problem, name, _thing(request, sources[chosen]))
        else:
            not_heard(request.actor, problem, name, reason=form.cleaned_data["reason"])
        messages.success(request, _("Noted."))
        return redirect(f"{address(problem, 'sources')}#voice-{name}")
    context = frame(
        request,
        problem,
        pillar=PILLAR,
        form=form,
        title=_("Are they heard: %(group)s") % {"group": voice_titles()[name]},
        lead=_words()["voice_reason"],
        button=_("Save"),
        back_url=address(problem, "sources"),
    )
    return render(request, "problems/form.html", context)


def _open_sources(request: WorkspaceRequest, problem: Problem) -> list[Source]:
    """Sources that the actor may read and in which people speak."""
    found = known_of(request.actor, [problem]).evidence[problem.pk].standing
    return [one for one in found if one.lets_speak and not one.is_closed]


def _thing(request: WorkspaceRequest, source: Source) -> Any:
    kind, key = source.key
    return kind_named(kind).find(request.workspace, [key])[key]


def _words() -> dict[str, Any]:
    words: dict[str, Any] = read_content("commonlight.web.problems", "definition")["words"]
    return words
