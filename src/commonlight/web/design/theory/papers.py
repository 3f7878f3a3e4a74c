"""A theory as a picture, a document and slides, with headings, tables and words for the picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from commonlight.web.agreements.word_file import Paragraph, Picture, Table
from commonlight.web.design.theory.domain.checks import content
from commonlight.web.design.theory.domain.picture import Picture as Drawing
from commonlight.web.design.theory.domain.reading import Sheet
from commonlight.web.design.theory.markup import shapes
from commonlight.web.design.theory.models import Link
from commonlight.web.design.theory.slide_file import Slide, SlidePicture
from commonlight.web.problems.models import Problem
from commonlight.web.ui.dates import date_format
from commonlight.web.ui.punctuation import listed, named

__all__ = ["document", "picture_file", "slides"]

LEGEND = 34.0
WIDE_MM, HIGH_MM = 247.0, 150.0
ON_A_SLIDE = 3


def picture_file(drawing: Drawing) -> str:
    """The picture as a file of its own, with its title, its words and a legend."""
    context = {
        "picture": drawing,
        "shapes": shapes(drawing),
        "is_file": True,
        "height": drawing.height + LEGEND,
        "legend": drawing.height + 14,
    }
    return render_to_string("theory/picture.html", context).strip() + "\n"


def document(
    problem: Problem, sheet: Sheet, shown: dict[str, Any], png: bytes, svg: str
) -> Iterator[Any]:
    """What a document says, from the whole to the parts."""
    drawing = shown["picture"]
    yield Paragraph(_("Theory of change"), "Title")
    yield Paragraph(problem.title)
    if sheet.theory is not None:
        changed = date_format(sheet.theory.changed_at, "DATE_FORMAT")
        yield Paragraph(_("As it was on %(date)s.") % {"date": changed})
    yield Paragraph(_("Diagram"), "Heading1")
    yield _placed(drawing, png, svg)
    yield Paragraph(_("The table below says the same in words."))
    yield Paragraph(_("Steps"), "Heading1")
    rows = tuple(
        (
            str(step.number),
            str(step.get_kind_display()),
            step.text,
            ", ".join(str(to) for _link, to in leads) or "–",
        )
        for step, leads in shown["steps"]
    )
    yield Table((_("Number"), _("Kind"), _("Step"), _("Leads to")), rows)
    yield Paragraph(_("Links"), "Heading1")
    for row in shown["links"]:
        yield from _link(row)
    yield Paragraph(_("What the checks find"), "Heading1")
    yield from _faults(shown)
    yield Paragraph(str(content()["words"]["unproven_list"]), "Heading1")
    for row in shown["unproven"]:
        yield Paragraph(named(_pair(row["link"]), " ".join(map(str, row["lacks"]))), "ListBullet")
    if not shown["unproven"]:
        yield Paragraph(_("No link is unproven."))


def slides(problem: Problem, shown: dict[str, Any], png: bytes, svg: str) -> list[Slide]:
    """The picture, the links a few at a time, and what is still open."""
    drawing = shown["picture"]
    picture = SlidePicture(
        png, svg.encode(), drawing.width, drawing.height + LEGEND, drawing.description
    )
    found = [
        Slide(problem.title, (_("Theory of change"), *_open_points(shown))),
        Slide(_("How it should work"), picture=picture),
    ]
    rows = shown["links"]
    for at in range(0, len(rows), ON_A_SLIDE):
        title = _("Why one step leads to the next (%(part)s)") % {"part": at // ON_A_SLIDE + 1}
        lines = [line for row in rows[at : at + ON_A_SLIDE] for line in _in_short(row)]
        found.append(Slide(title, tuple(lines)))
    return found


def _placed(drawing: Drawing, png: bytes, svg: str) -> Picture:
    wide, high = drawing.width, drawing.height + LEGEND
    share = min(WIDE_MM / wide, HIGH_MM / high)
    alt = _("Diagram of the theory of change.") + " " + drawing.description
    return Picture(png, svg.encode(), wide * share, high * share, alt)


def _link(row: dict[str, Any]) -> Iterator[Paragraph]:
    link: Link = row["link"]
    yield Paragraph(_pair(link), "Heading2")
    evidence = listed(one.title for one in row["grounds"])
    if not evidence and link.is_own_judgement:
        evidence = _("Our own judgement")
    told = (
        (_("Mechanism: %(text)s"), link.mechanism),
        (_("Assumption: %(text)s"), link.assumption),
        (_("Evidence: %(text)s"), evidence),
        (_("Confidence: %(text)s"), str(link.get_confidence_display())),
        (_("Possible harm: %(text)s"), link.harm),
    )
    for words, text in told:
        yield Paragraph(words % {"text": text or _("not written down")}, "ListBullet")


def _faults(shown: dict[str, Any]) -> Iterator[Paragraph]:
    if not shown["faults"]:
        yield Paragraph(str(content()["words"]["all_clear"]))
    for fault in shown["faults"]:
        row = fault["row"]
        yield Paragraph(str(row["title"]), "Heading2")
        yield Paragraph(f"{row['meaning']} {row['what_to_do']}")
        for place in fault["places"]:
            told = [_pair(one) for one in place["links"]]
            told = told or [named(one.number, one.text) for one in place["steps"]]
            yield Paragraph(", ".join(told), "ListBullet")


def _pair(link: Link) -> str:
    values = {"number": link.number, "start": link.source.text, "end": link.target.text}
    return _("Link %(number)s: “%(start)s” to “%(end)s”") % values


def _in_short(row: dict[str, Any]) -> Iterator[str]:
    link: Link = row["link"]
    yield _pair(link)
    if link.mechanism:
        yield _("How: %(text)s") % {"text": link.mechanism}
    if link.assumption:
        yield _("Holds if: %(text)s") % {"text": link.assumption}
    if row["lacks"]:
        yield _("Unproven: %(text)s") % {"text": " ".join(map(str, row["lacks"]))}


def _open_points(shown: dict[str, Any]) -> list[str]:
    return [str(fault["row"]["title"]) for fault in shown["faults"]]
