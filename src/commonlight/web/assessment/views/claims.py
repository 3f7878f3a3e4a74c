"""Read, tag and judge: ten claims on a page; and one claim with its evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from commonlight.web.assessment.domain.evidence import (
    remove_evidence,
    remove_itself,
)
from commonlight.web.assessment.domain.finding import assessor_of, claims_of, model_of
from commonlight.web.assessment.domain.grounds import choices_for, kinds_for
from commonlight.web.assessment.domain.judging import (
    POINTS,
    Standing,
    VerdictsError,
    give_absence,
    give_verdicts,
    history_of,
    keep_as_claimed,
    link_and_judge,
)
from commonlight.web.assessment.domain.looking import own_looking
from commonlight.web.assessment.domain.matrix import Judged, read_assessment
from commonlight.web.assessment.domain.tagging import coverage, tag_claims
from commonlight.web.assessment.enums import AssessmentState, ClaimState
from commonlight.web.assessment.forms.reading import (
    AbsenceForm,
    EvidenceForm,
    JudgeForm,
    ReasonForm,
    RecordSearchForm,
    RetagForm,
    TagForm,
)
from commonlight.web.assessment.models import Assessment, Claim
from commonlight.web.assessment.views.drafts import drafts_of, drop_drafts, keep_drafts
from commonlight.web.assessment.views.frame import (
    ERRORS,
    TEN,
    address,
    assessment_page,
    claim_page,
    either,
    frame,
    go_back,
    sent_form,
    tens,
    way_back,
)
from commonlight.web.assessment.words import verdict_rows, verdict_words
from commonlight.web.policy import WorkspaceRequest, page, require
from commonlight.web.thread.domain.offering import offering_kinds
from commonlight.web.thread.models import Link

__all__ = ["absent", "claim", "claims", "evidence", "judge", "remove", "tag"]

Request = WorkspaceRequest
NOTHING = "nothing"
"""What the button sends that says that no record shows the claim."""


@require_safe
@page("assessment.view")
def claims(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """All claims with their tags, records and verdicts."""
    found = assessment_page(request, number, edition)
    reading = read_assessment(request.actor, found)
    wanted = request.GET.get("principle", "")
    items = (*reading.model.principles, *reading.model.values)
    rows = [
        one
        for one in reading.claims
        if not wanted or wanted in (*one.claim.principles, *one.claim.values)
    ]
    chosen = next((one for one in items if one.id == wanted), None)
    context = frame(found, here="claims", reading=reading, rows=rows, chosen=chosen)
    return render(request, "assessment/claims.html", context)


@either
@page("assessment.assess")
def tag(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """Tag ten claims at a time; what is done and what is left stands above them."""
    found = assessment_page(request, number, edition, "assessment.assess")
    if found.state == "cutting":
        messages.info(request, _("First check how the text was cut."))
        return redirect(address(found, "cut"))
    model, rows = model_of(found), claims_of(found)
    ten = tens(rows, request.GET.get("ten", ""), lambda one: one.state != ClaimState.UNREAD)
    sent = request.POST if request.method == "POST" else None
    forms = [TagForm(sent, claim=one, model=model) for one in ten["shown"]]
    why = RetagForm(sent)
    if sent is not None and all(one.is_valid() for one in [why, *forms]):
        rest = sent.get("rest") == "none"
        given = {one.claim.pk: one.tags(rest_is_none=rest) for one in forms}
        try:
            tag_claims(request.actor, found, given, reason=why.cleaned_data["reason"])
        except ERRORS as error:
            why.add_error("reason", str(error))
        else:
            return redirect(_after_tags(found, ten))
    context = frame(
        found, here="claims", forms=forms, model=model, ten=ten, coverage=coverage(rows), why=why
    )
    return render(request, "assessment/tag.html", context)


@either
@page("assessment.assess")
def judge(request: Request, workspace: str, number: int, edition: int) -> HttpResponse:
    """Judge ten tagged claims at a time, each with its records beside it."""
    found = assessment_page(request, number, edition, "assessment.assess")
    mine = assessor_of(request.actor, found)
    if found.state == "cutting" or mine is None:
        return redirect(address(found))
    if mine.sent_at is not None and not found.is_open_to_all:
        messages.info(
            request, _("You have sent yours in. You can change them when all have sent theirs.")
        )
        return redirect(address(found))
    reading = read_assessment(request.actor, found)
    known = {
        one.claim.pk: each
        for one in reading.tagged
        for each in one.verdicts
        if each.verdict.assessor_id == mine.pk
    }
    untagged = _not_tagged(request, found, reading.tagged)
    if untagged is not None:
        messages.info(
            request,
            _("Claim %(number)d is not tagged, so it gets no verdict. Tag it first.")
            % {"number": untagged.number},
        )
        return redirect(address(found, "claim", untagged.pk))
    rows = _to_judge(request, reading.tagged)
    ten = tens(rows, request.GET.get("ten", ""), lambda one: one.claim.pk in known)
    sent = request.POST if request.method == "POST" else None
    drafts = drafts_of(request, found)
    forms = [
        (
            one,
            JudgeForm(
                sent,
                claim=one.claim,
                known=known[one.claim.pk].verdict if one.claim.pk in known else None,
                has_looked=_is_judged(known.get(one.claim.pk)),
                draft=drafts.get(str(one.claim.pk)),
            ),
        )
        for one in ten["shown"]
    ]
    if sent is not None and "link" in sent:
        return _save_and_link(request, found, [form for _one, form in forms], ten)
    if sent is not None and all(form.is_valid() for _one, form in forms):
        given = {one.claim.pk: form.given() for one, form in forms}
        try:
            count = give_verdicts(request.actor, found, given)
        except VerdictsError as error:
            _show_faults(forms, error)
        else:
            _tell_saved(request, count)
            drop_drafts(request, found, *given)
            return redirect(_after_verdicts(found, ten, rows, {*known, *given}))
    context = frame(
        found,
        here="claims",
        forms=forms,
        only_forms=[form for _one, form in forms],
        reading=reading,
        ten=ten,
        mine=mine,
        verdicts=list(verdict_rows().values()),
        unread=reading.coverage.unread,
        looking=own_looking(known.values()),
    )
    return render(request, "assessment/judge.html", context)


@require_safe
@page("assessment.view")
def claim(request: Request, workspace: str, number: int, edition: int, pk: int) -> HttpResponse:
    """One claim: its records, the verdicts on it, and what was said before."""
    found = assessment_page(request, number, edition)
    chosen = claim_page(found, pk)
    reading = read_assessment(request.actor, found)
    judged = next(one for one in reading.claims if one.claim.pk == chosen.pk)
    context = frame(
        found,
        here="claims",
        judged=judged,
        claim=chosen,
        claim_key=str(chosen.pk),
        asked=_asked(judged),
        history=history_of(request.actor, found, chosen),
        verdicts=verdict_rows(),
        place=_place(reading.claims, chosen),
        tag_url=f"{address(found, 'tag')}?ten={(chosen.number - 1) // TEN + 1}#claim-{chosen.pk}",
    )
    return render(request, "assessment/claim.html", context)


@either
@page("assessment.assess")
def evidence(request: Request, workspace: str, number: int, edition: int, pk: int) -> HttpResponse:
    """Link records of the workbench to a claim, and judge it in the same step."""
    found = assessment_page(request, number, edition)
    chosen = claim_page(found, pk)
    require(request.actor, "assessment.assess", chosen)
    search = RecordSearchForm(
        request.GET, kinds=[(one.name, one.label) for one in offering_kinds()]
    )
    records = choices_for(
        request.actor,
        chosen,
        **search.wanted,
        everything="all" in request.GET,
        also=request.POST.getlist("ground"),
    )
    form = sent_form(request, EvidenceForm, offered=records)
    may_judge = _may_judge(request, found, chosen)
    if may_judge and request.POST.get("then") == NOTHING:
        return _keep_as_claimed(request, chosen)
    if request.method == "POST" and form.is_valid():
        verdict = request.POST.get("then", "") if may_judge else ""
        try:
            _link(request, chosen, form, verdict)
        except VerdictsError as error:
            field, text = error.faults[chosen.pk]
            form.add_error("note" if field == "note" else "ground", text)
        except ERRORS as error:
            form.add_error("ground", str(error))
        else:
            return go_back(request, address(found, "claim", chosen.pk))
    context = frame(
        found,
        form=form,
        search=search,
        claim=chosen,
        records=records,
        may_judge=may_judge,
        may_keep=may_judge and _is_claimed(request, found, chosen),
        wanted=kinds_for(chosen),
        next=request.POST.get("next") or request.GET.get("next", ""),
    )
    context["back_url"] = way_back(request, address(found, "claim", chosen.pk))
    return render(request, "assessment/evidence.html", context)


@either
@page("assessment.assess")
def remove(
    request: Request, workspace: str, number: int, edition: int, pk: int, link: int
) -> HttpResponse:
    """Take a record away from a claim; without a number, the text itself."""
    found = assessment_page(request, number, edition)
    chosen = claim_page(found, pk)
    require(request.actor, "assessment.assess", chosen)
    row = (
        Link.objects.of(request.workspace)
        .filter(pk=min(link, 2**62), claim_kind="claim_of_strategy", claim_key=str(chosen.pk))
        .first()
    )
    if row is None and link:
        raise Http404
    form = sent_form(request, ReasonForm)
    back = address(found, "claim", chosen.pk)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if row is not None:
            remove_evidence(request.actor, chosen, row, reason=reason)
        elif not remove_itself(request.actor, chosen, reason=reason):
            raise Http404
        messages.success(request, _("The record is removed."))
        return redirect(back)
    context = frame(
        found,
        form=form,
        title=_("Remove this record"),
        button=_("Remove the record"),
        consequences=[_("Verdicts that rest on it alone become “claimed” at once.")],
    )
    return render(request, "ui/confirm.html", context | {"back_url": back})


@either
@page("assessment.assess")
def absent(request: Request, workspace: str, number: int, edition: int, name: str) -> HttpResponse:
    """Say that the strategy is silent on a principle, and where you looked."""
    found = assessment_page(request, number, edition, "assessment.assess")
    model = model_of(found)
    item = next((one for one in model.principles if one.id == name), None)
    if item is None:
        raise Http404
    form = sent_form(request, AbsenceForm)
    back = address(found, "matrix")
    if request.method == "POST" and form.is_valid():
        try:
            give_absence(request.actor, found, name, where_looked=form.cleaned_data["where_looked"])
        except ERRORS as error:
            form.add_error("where_looked", str(error))
        else:
            messages.success(request, _("Your verdict is saved."))
            return redirect(back)
    title = _("Nothing serves “%(principle)s”") % {"principle": item.title}
    context = frame(found, form=form, title=title, button=_("Save “absent”"))
    return render(request, "assessment/form.html", context | {"back_url": back})


def _link(request: Request, chosen: Claim, form: EvidenceForm, verdict: str) -> None:
    """Link what was ticked, judge if asked to, and say what was done."""
    given = form.cleaned_data
    grounds = form.offered.chosen(given["ground"])
    draft = drafts_of(request, chosen.assessment).get(str(chosen.pk), {})
    link_and_judge(
        request.actor,
        chosen,
        grounds,
        reason=draft.get("note", ""),
        direction=given["direction"] or "for",
        note=given["note"],
        verdict=verdict if verdict in POINTS else "",
    )
    text = ngettext("%(count)d record is linked.", "%(count)d records are linked.", len(grounds))
    messages.success(request, text % {"count": len(grounds)})
    if verdict in POINTS:
        drop_drafts(request, chosen.assessment, chosen.pk)
        messages.success(request, _("Your verdict is saved."))


def _keep_as_claimed(request: Request, chosen: Claim) -> HttpResponse:
    """Nothing among the records shows it: the claim stays as it is, and that one looked is kept."""
    draft = drafts_of(request, chosen.assessment).get(str(chosen.pk), {})
    try:
        keep_as_claimed(request.actor, chosen, note=draft.get("note", ""))
    except ERRORS as error:
        messages.error(request, str(error))
    else:
        drop_drafts(request, chosen.assessment, chosen.pk)
        messages.success(request, _("You looked and found no record: that is saved."))
    return go_back(request, address(chosen.assessment, "claim", chosen.pk))


def _is_claimed(request: Request, found: Assessment, chosen: Claim) -> bool:
    """Whether the person has not judged this claim otherwise than “claimed”."""
    mine = assessor_of(request.actor, found)
    rows = chosen.verdicts.filter(assessor=mine, replaced_at=None)
    return not rows.exclude(verdict="claimed").exists()


def _may_judge(request: Request, found: Assessment, chosen: Claim) -> bool:
    """Whether the person can judge this claim now."""
    mine = assessor_of(request.actor, found)
    if mine is None or chosen.state != ClaimState.TAGGED:
        return False
    if found.state not in (AssessmentState.READING, AssessmentState.COMPARED):
        return False
    return mine.sent_at is None or found.is_open_to_all


def _after_tags(found: Assessment, ten: dict[str, Any]) -> str:
    """To the next ten that has something left, else on to judging."""
    following = tens(claims_of(found), "", lambda one: one.state != ClaimState.UNREAD)
    if not following["left"]:
        return address(found, "judge")
    number = ten["next_ten"] or following["ten"]
    return f"{address(found, 'tag')}?ten={number}"


def _after_verdicts(
    found: Assessment, ten: dict[str, Any], rows: list[Judged], judged: Collection[int]
) -> str:
    """To the next ten; after the last one to a ten before it that is not saved yet, else home."""
    still_open = tens(rows, "", lambda one: one.claim.pk in judged)
    number = ten["next_ten"] or (still_open["ten"] if still_open["left"] else None)
    if number:
        return f"{address(found, 'judge')}?ten={number}"
    return address(found, "matrix" if found.is_open_to_all else "assessment")


def _to_judge(request: Request, tagged: list[Judged]) -> list[Judged]:
    """All tagged claims, or one alone where the address names it."""
    wanted = request.GET.get("claim", "")
    return [one for one in tagged if str(one.claim.pk) == wanted] or tagged


def _not_tagged(request: Request, found: Assessment, tagged: list[Judged]) -> Claim | None:
    """The claim that the address names, where it cannot be judged.

    Raises
    ------
    Http404
        If the assessment has no such claim.
    """
    wanted = request.GET.get("claim", "")
    if not wanted or any(str(one.claim.pk) == wanted for one in tagged):
        return None
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        raise Http404
    return claim_page(found, int(wanted))


def _save_and_link(
    request: Request, found: Assessment, forms: list[JudgeForm], ten: dict[str, Any]
) -> HttpResponse:
    """Save what can be saved, keep the rest as a draft, and go to the records of one claim."""
    wanted = next((one for one in forms if str(one.claim.pk) == request.POST["link"]), None)
    if wanted is None:
        raise Http404
    changed = [one for one in forms if one.is_changed]
    given = {one.claim.pk: one.given() for one in changed if one.is_valid()}
    try:
        count = give_verdicts(request.actor, found, given)
    except VerdictsError as error:
        given = {pk: one for pk, one in given.items() if pk not in error.faults}
        count = give_verdicts(request.actor, found, given)
    _tell_saved(request, count)
    drop_drafts(request, found, *given)
    left = {one.claim.pk: one.typed for one in changed if one.claim.pk not in given}
    keep_drafts(request, found, left)
    one_alone = f"&claim={wanted.claim.pk}" if request.GET.get("claim") else ""
    back = f"{address(found, 'judge')}?ten={ten['ten']}{one_alone}#claim-{wanted.claim.pk}"
    query = urlencode({"next": back})
    return redirect(f"{address(found, 'evidence', wanted.claim.pk)}?{query}")


def _show_faults(forms: Iterable[tuple[Judged, JudgeForm]], error: VerdictsError) -> None:
    for one, form in forms:
        fault = error.faults.get(one.claim.pk)
        if fault:
            field, text = fault
            name = field if field in form.fields else "note"
            shown = {"number": one.claim.number, "text": text}
            form.add_error(name, _("Claim %(number)d: %(text)s") % shown)


def _tell_saved(request: Request, count: int) -> None:
    if count:
        text = ngettext("%(count)d verdict is saved.", "%(count)d verdicts are saved.", count)
        messages.success(request, text % {"count": count})


def _asked(judged: Judged) -> list[Any]:
    """What the model asks of a claim that touches these principles and values."""
    return [
        (one.title, one.questions or (one.question,))
        for one in judged.items
        if one.questions or one.question
    ]


def _place(rows: Iterable[Judged], chosen: Claim) -> dict[str, Any]:
    """The claims before and after."""
    keys = [one.claim.pk for one in rows]
    here = keys.index(chosen.pk)
    return {
        "before": keys[here - 1] if here else None,
        "after": keys[here + 1] if here + 1 < len(keys) else None,
        "directions": {one["id"]: one["title"] for one in verdict_words()["direction"]},
    }


def _is_judged(given: Standing | None) -> bool:
    """Whether more was done than to save the claim: one looked, or the text itself speaks."""
    return given is not None and (given.has_looked or given.now != "claimed")
