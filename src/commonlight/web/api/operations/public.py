"""What is public: released findings and the register of agreements; no sign-in, no log of who."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from commonlight.web.agreements.enums import AgreementState
from commonlight.web.agreements.models import Agreement
from commonlight.web.api.answers.paging import Limit, Offset, Page, answers, page_of
from commonlight.web.api.answers.things import AgreementOut
from commonlight.web.api.convert import agreement_out
from commonlight.web.api.rates import PerMinute
from commonlight.web.audits.domain.public import public_finding, released
from commonlight.web.workspaces.models import Workspace

router = Router(tags=["Public"], auth=None, throttle=PerMinute(120))


class PublicFindingOut(Schema):
    """A released finding in a list."""

    key: str
    sentence: str
    has_chart: bool
    has_map: bool


class PublicReleaseOut(Schema):
    """A release with the findings that are still open to the public."""

    number: int
    title: str
    text: str
    findings: list[PublicFindingOut]


class PublicFindingFullOut(PublicFindingOut):
    """A released finding with everything about it that may be published."""

    content: dict[str, Any]


@router.get(
    "/public/{workspace}/releases",
    response=answers(Page[PublicReleaseOut], public=True),
    operation_id="public_releases",
)
def public_releases(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The releases, the newest first."""
    return page_of(released(_place(workspace)), limit, offset, _release)


@router.get(
    "/public/{workspace}/releases/{number}/findings/{key}",
    response=answers(PublicFindingFullOut, public=True),
    operation_id="public_finding",
)
def one_public_finding(
    request: HttpRequest, workspace: str, number: int, key: str
) -> dict[str, Any]:
    """One released finding with its table."""
    if not 0 <= number < 2**31:
        raise Http404
    found = public_finding(_place(workspace), number, key)
    if found is None:
        raise Http404
    return {**_finding(found), "content": found.content}


@router.get(
    "/public/{workspace}/agreements",
    response=answers(Page[AgreementOut], public=True),
    operation_id="public_agreements",
)
def public_agreements(
    request: HttpRequest, workspace: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """The register of agreements that were signed, without anybody's name."""
    rows = Agreement.objects.of(_place(workspace)).filter(
        state__in=[AgreementState.SIGNED, AgreementState.ENDED]
    )
    rows = rows.prefetch_related("parties__organisation", "datasets")
    return page_of(rows, limit, offset, agreement_out)


def _place(slug: str) -> Workspace:
    found = Workspace.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _release(one: Any) -> dict[str, Any]:
    release = one.release
    findings = [_finding(found) for found in one.findings]
    same = ("number", "title", "text")
    return {**{name: getattr(release, name) for name in same}, "findings": findings}


def _finding(one: Any) -> dict[str, Any]:
    found = one.finding
    return {
        "key": found.key,
        "sentence": one.sentence,
        "has_chart": found.has_chart,
        "has_map": found.has_map,
    }
