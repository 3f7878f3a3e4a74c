"""The whole report of a run, for those who may see all that went into it."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from commonlight.web.audits.domain.downloads import Download
from commonlight.web.audits.domain.reports import report_decision
from commonlight.web.audits.domain.results import result_file
from commonlight.web.audits.views.files import attachment
from commonlight.web.audits.views.frame import actor_of, found_run
from commonlight.web.eventlog.record import record
from commonlight.web.policy import Refused, page
from commonlight.web.policy.actor import Actor
from commonlight.web.policy.rules import refusal_shown

__all__ = ["report"]

NOTHING = "'none'"
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
TYPES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


@page("finding.download")
@require_safe
def report(request: HttpRequest, workspace: str, run: int, kind: str) -> HttpResponse:
    """The report as a page of its own, or as PDF; each opening is logged."""
    actor = actor_of(request)
    done = found_run(actor, run)
    decision = report_decision(actor, done)
    if not decision:
        refusal_shown.send(
            Actor, actor=actor, action="finding.download", thing=done, decision=decision
        )
        raise Refused("finding.download", decision)
    path = result_file(done, "internal", f"report.{kind}")
    if path is None:
        raise Http404
    record(actor, "finding.download", done, kind="export", file=f"report.{kind}")
    if kind == "html" and request.GET.get("as") != "file":
        return report_page(path.read_text("utf-8"))
    return attachment(Download(f"report-{done.pk}.{kind}", TYPES[kind], path.read_bytes()))


def report_page(html: str) -> HttpResponse:
    """A report in the browser, under a policy of its own.

    It may use the very style it carries and nothing else: no script, no request, no form, and no
    share in our cookies or storage.
    """
    hashes = " ".join(f"'sha256-{_digest(text)}'" for text in STYLE.findall(html)) or NOTHING
    answer = HttpResponse(html, content_type=TYPES["html"])
    answer["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {hashes}; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    )
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()
