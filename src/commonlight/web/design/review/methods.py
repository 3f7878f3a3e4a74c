"""The only place of the review that calls the library: the brief as a tagged PDF."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from commonlight.web.design.review.domain.brief.blocks import is_lead

__all__ = ["brief_pdf"]


def brief_pdf(content: Mapping[str, Any], *, state: str) -> bytes:
    """The brief on A4, with headings, tables and drawings that a screen reader can follow."""
    from commonlight.findings.document import render_document

    return render_document(
        {**_document(content), "state": state}, made_on=date.fromisoformat(content["as_of"])
    )


def _document(content: Mapping[str, Any]) -> dict[str, Any]:
    words = content["words"]
    marks = [content["one_sided"], words["simulated"] if content["is_simulated"] else ""]
    return {
        "language": content["language"],
        "kind": words["kind"],
        "title": content["title"],
        "issuer": content["partnership"],
        "place": content["city"],
        "version": f"{words['version']} {content['number']}",
        "facts": content["cover"],
        "marks": [one for one in marks if one],
        "notes": [words["as_of"], words["no_persons"]],
        "missing_title": words["missing"],
        "missing": content["missing"],
        "contents_title": words["contents"],
        "page_of": words["page_of"],
        "sections": [_section(one, words) for one in content["sections"]],
    }


def _section(section: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    lines = [line.strip() for line in section["text"].splitlines() if line.strip()]
    asks = section["asks_for"] if section["is_empty"] else ""
    return {
        "title": section["title"],
        "paragraphs": lines,
        "empty": section["when_empty"],
        "asks": f"{words['unwritten']} {asks}" if asks else "",
        "blocks": section["blocks"],
        "is_lead": is_lead(section),
    }
