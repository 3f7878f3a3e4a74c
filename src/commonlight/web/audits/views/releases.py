"""Releases to the public: proposed by one person, checked by another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commonlight.web.audits.domain import releases as deeds
from commonlight.web.audits.domain.downloads import drawing
from commonlight.web.audits.domain.faces import Face, face_of, stamp_of
from commonlight.web.audits.domain.plans import plans_of
from commonlight.web.audits.domain.results import SourceUse, sources_of_run
from commonlight.web.audits.enums import CERTAINTY_KINDS
from commonlight.web.audits.forms.release import RELEASE, DecisionForm, ProposalForm, WithdrawalForm
from commonlight.web.audits.models import Release, ReleaseState, StoredFinding
from commonlight.web.audits.views.frame import (
    actor_of,
    asked_number,
    found_release,
    found_run,
    today_of,
)
from commonlight.web.audits.visibility import visible_findings
from commonlight.web.policy import decide, page, require
from commonlight.web.runs.models import Run

__all__ = ["decide_on", "detail", "index", "picture", "propose", "withdraw"]


@page("release.view")
@require_safe
def index(request: HttpRequest, workspace: str) -> HttpResponse:
    """All releases; what is not public yet shows its state alone."""
    rows = Release.objects.of(actor_of(request).workspace).select_related(
        "proposed_by__user", "checked_by__user"
    )
    return render(request, "audits/releases.html", {"releases": list(rows)})


@page("release.propose")
def propose(request: HttpRequest, workspace: str) -> HttpResponse:
    """Choose findings and words, check the answers, send to a second person."""
    actor = actor_of(request)
    run = _run_to_release(request)
    if run is None:
        return render(request, "audits/release_none.html")
    visible, _hidden = visible_findings(actor, run)
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        findings=visible,
        language=actor.workspace.language,
        workspace=actor.workspace,
    )
    context = {"form": form, "run": run}
    if request.method != "POST" or "change" in request.POST or not form.is_valid():
        return render(request, "audits/release_form.html", context)
    if "send" not in request.POST:
        return render(request, "audits/release_check.html", context)
    given = form.cleaned_data
    release = deeds.propose(
        actor,
        run=run,
        findings=list(given["findings"]),
        title=given["title"],
        text=given["text"],
    )
    messages.success(request, _("The release is proposed. A second person must check it."))
    return redirect("audits:release", workspace=workspace, number=release.number)


def _run_to_release(request: HttpRequest) -> Run | None:
    """The run that the address names, else the newest result of all audits."""
    actor = actor_of(request)
    number = asked_number(request, "run")
    if number is not None:
        return found_run(actor, number)
    newest = next((plan.latest_run for plan in plans_of(actor) if plan.latest_run), None)
    return None if newest is None else found_run(actor, newest.pk)


@page("release.view")
@require_safe
def detail(request: HttpRequest, workspace: str, number: int) -> HttpResponse:
    """What would be public, exactly, and what it withholds."""
    release = found_release(actor_of(request), number)
    require(actor_of(request), "release.view", release)
    return _release_page(request, release, DecisionForm())


def _release_page(request: HttpRequest, release: Release, form: DecisionForm) -> HttpResponse:
    actor = actor_of(request)
    findings = _findings(release)
    used = sources_of_run(release.run, today=today_of(actor.workspace))
    context = {
        "release": release,
        "faces": [_face(request, release, one, used) for one in findings],
        "attacks": deeds.attack_summary(findings),
        "form": form,
        "may_check": decide(actor, "release.check", release),
        "waits": release.state == ReleaseState.PROPOSED,
        "is_out": release.state == ReleaseState.RELEASED,
    }
    return render(request, "audits/release.html", context)


def _findings(release: Release) -> list[StoredFinding]:
    return list(release.findings.select_related("run__workspace", "plan").order_by("order"))


def _face(
    request: HttpRequest, release: Release, finding: StoredFinding, used: dict[str, SourceUse]
) -> dict[str, Any]:
    """The public face of a finding, as everybody would see it."""
    content = finding.public_content or {}
    actor = actor_of(request)
    sources = [used[slug] for slug in finding.sources if slug in used]
    path = reverse(
        "audits-public:finding", args=[actor.workspace.slug, release.number, finding.key]
    )
    stamp = stamp_of(finding, content, sources, address=request.build_absolute_uri(path))
    face: Face = face_of(finding, content, stamp, public=True)
    kind = CERTAINTY_KINDS.get(content.get("certainty", ""), "")
    pictures = {
        name: reverse(
            "audits:release-picture",
            args=[actor.workspace.slug, release.number, finding.key, width],
        )
        for name, width in (("image_url", "wide"), ("image_narrow_url", "narrow"))
    }
    return {"finding": finding, "face": face, "kind": kind, **pictures}


@page("release.view")
@require_safe
def picture(
    request: HttpRequest, workspace: str, number: int, key: str, width: str
) -> HttpResponse:
    """The public drawing of a map, before it is public."""
    release = found_release(actor_of(request), number)
    require(actor_of(request), "release.view", release)
    finding = next((one for one in _findings(release) if one.key == key), None)
    if finding is None:
        raise Http404
    used = sources_of_run(release.run, today=today_of(actor_of(request).workspace))
    stamp = _face(request, release, finding, used)["face"].stamp
    narrow = width == "narrow"
    svg = drawing(finding, "map", stamp, narrow=narrow, public=True, opaque=True)
    if not svg:
        raise Http404
    return HttpResponse(svg, content_type="image/svg+xml")


@page("release.check")
def decide_on(request: HttpRequest, workspace: str, number: int) -> HttpResponse:
    """The second person releases or returns."""
    actor = actor_of(request)
    release = found_release(actor, number)
    require(actor, "release.check", release)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _release_page(request, release, form)
    comment = form.cleaned_data["comment"].strip()
    if form.cleaned_data["decision"] == RELEASE:
        deeds.let_go(actor, release, comment=comment)
        messages.success(request, _("The findings are public now."))
    else:
        deeds.send_back(actor, release, comment=comment)
        messages.success(request, _("The release is returned with your comment."))
    return redirect("audits:release", workspace=workspace, number=number)


@page("release.withdraw")
def withdraw(request: HttpRequest, workspace: str, number: int) -> HttpResponse:
    """Take a release back, after a page that says what will happen."""
    actor = actor_of(request)
    release = found_release(actor, number)
    require(actor, "release.withdraw", release)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        deeds.withdraw(actor, release, comment=form.cleaned_data["comment"].strip())
        messages.success(request, _("The release is withdrawn. Its public pages are gone."))
        return redirect("audits:release", workspace=workspace, number=number)
    context = {
        "title": _("Withdraw release %(number)s") % {"number": release.number},
        "consequences": [
            _("Its public pages and files are gone at once."),
            _("Copies that others made stay with them."),
            _("The reason is kept in the event log."),
        ],
        "form": form,
        "button": _("Withdraw the release"),
        "is_dangerous": True,
        "back_url": reverse("audits:release", args=[workspace, number]),
    }
    return render(request, "ui/confirm.html", context)
