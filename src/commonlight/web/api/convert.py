"""Things of the workbench as the answers of the interface."""

from __future__ import annotations

from typing import Any

from commonlight.web.policy import Actor
from commonlight.web.runs.rules import is_own

__all__ = [
    "agreement_out",
    "coverage_out",
    "dataset_out",
    "event_out",
    "finding_full_out",
    "finding_out",
    "hidden_out",
    "plan_out",
    "release_out",
    "run_full_out",
    "run_out",
    "version_full_out",
    "version_out",
]


def coverage_out(coverage: Any) -> dict[str, Any]:
    """A coverage; where nothing may be seen, it says why and whom to ask."""
    seen = coverage.allowed
    fields = coverage.fields
    return {
        "allowed": seen,
        "place_detail": coverage.place_detail if seen else None,
        "time_detail": coverage.time_detail if seen else None,
        "fields": list(fields) if seen and fields is not None else None,
        "agreement": coverage.agreement.number if coverage.agreement else None,
        "reason": str(coverage.reason),
        "ask": str(coverage.ask),
    }


def dataset_out(seen: Any) -> dict[str, Any]:
    """A data set; of one that is closed, its name and the reason."""
    one = seen.dataset
    row = {
        "slug": one.slug,
        "name": one.name,
        "owner": one.owner.name,
        "coverage": coverage_out(seen.coverage),
    }
    if not seen.coverage.allowed:
        return row
    same = ("kind", "description", "noun", "witness", "publisher", "licence", "is_public")
    return {
        **row,
        **{name: getattr(one, name) for name in same},
        "is_sensitive": one.is_sensitive,
        "steward": one.steward.user.name if one.steward else None,
        "next_delivery_on": one.next_delivery_on,
        "current": one.current.number if one.current else None,
    }


def version_out(one: Any) -> dict[str, Any]:
    """A version in a list."""
    same = ("number", "digest", "rows_read", "rows_accepted", "rows_rejected")
    dates = ("first_day", "last_day", "created_at")
    return {name: getattr(one, name) for name in same + dates}


def version_full_out(one: Any) -> dict[str, Any]:
    """A version with provenance and quality."""
    return {**version_out(one), "manifest": one.manifest, "quality": one.quality}


def run_out(one: Any) -> dict[str, Any]:
    """A run in a list."""
    same = ("kind", "state", "lane", "progress_done", "progress_total")
    dates = ("created_at", "started_at", "finished_at")
    return {
        "id": one.pk,
        "title": one.name,
        "step": one.step_text,
        "failure": one.failure_text,
        **{name: getattr(one, name) for name in same + dates},
    }


def run_full_out(actor: Actor, one: Any) -> dict[str, Any]:
    """A run; what a shared run of another organisation found stands in its findings."""
    messages = [{"at": row["at"].isoformat(), "text": row["text"]} for row in one.message_rows]
    same = ("inputs", "parameters", "seed", "library_version", "fingerprint")
    return {
        **run_out(one),
        **{name: getattr(one, name) for name in same},
        "messages": messages,
        "result": one.result if is_own(actor, one) else None,
    }


def plan_out(one: Any) -> dict[str, Any]:
    """An audit plan."""
    return {
        "slug": one.slug,
        "title": one.title,
        "settings": one.settings,
        "latest_run": one.latest_run_id,
        "created_at": one.created_at,
    }


def finding_out(one: Any) -> dict[str, Any]:
    """A finding in a list."""
    words = ("key", "block", "question", "sentence", "certainty", "one_sided", "is_headline")
    method = ("method_name", "method_page", "sources", "place_detail", "time_detail")
    return {
        "run": one.run_id,
        **{name: getattr(one, name) for name in (*words, *method, "has_chart", "has_map")},
    }


def finding_full_out(one: Any) -> dict[str, Any]:
    """A finding with everything about it."""
    return {**finding_out(one), "content": one.content}


def hidden_out(one: Any) -> dict[str, Any]:
    """Why findings are kept back."""
    return {"count": one.count, "reason": str(one.reason), "ask": str(one.ask)}


def release_out(one: Any, keys: list[str]) -> dict[str, Any]:
    """A release; both who proposed and who checked are named to members."""
    same = ("number", "title", "text", "state", "proposed_at", "checked_at", "comment")
    return {
        **{name: getattr(one, name) for name in same},
        "run": one.run_id,
        "findings": keys,
        "proposed_by": one.proposed_by.user.name,
        "checked_by": one.checked_by.user.name if one.checked_by else None,
    }


def agreement_out(one: Any) -> dict[str, Any]:
    """An agreement without people's names."""
    same = ("number", "title", "kind", "purpose", "legal_basis", "fields", "place_detail")
    rest = ("time_detail", "starts_on", "expires_on", "state", "text_digest", "signed_at")
    parties = [
        {
            "organisation": party.organisation.name,
            "gives": party.gives,
            "receives": party.receives,
            "signed_at": party.signed_at,
        }
        for party in one.parties.all()
    ]
    return {
        **{name: getattr(one, name) for name in same + rest},
        "parties": parties,
        "datasets": sorted(item.slug for item in one.datasets.all()),
    }


def event_out(one: Any) -> dict[str, Any]:
    """An event as it was sealed."""
    same = ("number", "at", "kind", "action", "actor_kind", "actor_id", "thing_kind", "thing_id")
    return {name: getattr(one, name) for name in (*same, "detail", "previous", "digest")}
