"""The parts of the page that are long: shapes of the diagram and rows of the tables.

A theory may have hundreds of each, so they are joined here and not in a template; every word goes
through `format_html`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commonlight.web.design.theory.domain.picture import DrawnArrow, DrawnBox, Picture
from commonlight.web.design.theory.models import Step
from commonlight.web.ui.punctuation import named

__all__ = ["link_rows", "shapes", "step_rows"]

NOTHING = "–"
LINE = '<path d="{}" fill="none" stroke="{}" stroke-width="2"{}/><path d="{}" fill="{}"/>\n'
BOX = (
    '<rect x="{}" y="{}" width="208" height="{}" rx="4" fill="{}" stroke="{}" '
    'stroke-width="{}"/><text x="{}" y="{}" font-size="11" font-weight="700" '
    'fill="#0b0c0c">{} {}</text>{}'
)
WORDS = '<text x="{}" y="{}" fill="#0b0c0c">{}</text>'
BADGE = (
    '<circle cx="{}" cy="{}" r="12.5" fill="#ffffff" stroke="{}" stroke-width="2"{}/>'
    '<text x="{}" y="{}" font-size="11" text-anchor="middle" fill="#0b0c0c">{}{}</text>'
)
DASHES = SafeString(' stroke-dasharray="7 5"')
SMALL_DASHES = SafeString(' stroke-dasharray="4 3"')


def shapes(picture: Picture, *, base: str = "") -> SafeString:
    """Arrows below, boxes and badges above; each is a link to its page where `base` is given."""
    lines = format_html_join("", LINE, map(_line, picture.arrows))
    boxes = format_html_join("\n", "{}", ((_box(one, base),) for one in picture.boxes))
    badges = format_html_join("\n", "{}", ((_badge(one, base),) for one in picture.arrows))
    return format_html("{}{}\n{}", lines, boxes, badges)


def _line(one: DrawnArrow) -> tuple[Any, ...]:
    dashes = DASHES if one.is_unproven else ""
    return one.path, one.colour, dashes, one.head, one.colour


def _box(one: DrawnBox, base: str) -> SafeString:
    words = format_html_join(
        "", WORDS, ((_number(one.left), _number(y), line) for y, line in one.lines)
    )
    place = (one.x, one.y, one.height, one.fill, one.edge, one.edge_width)
    drawn = _formatted(BOX, *place, one.left, one.top, one.box.number, one.kind, words)
    if not base:
        return format_html("<g>{}</g>", drawn)
    return format_html(
        '<a href="{}steps/{}/" id="box-{}" class="box" data-step="{}" data-layer="{}" '
        'aria-label="{}">{}</a>',
        *(base, *[one.box.number] * 3, one.layer, one.name, drawn),
    )


def _badge(one: DrawnArrow, base: str) -> SafeString:
    dashes = SMALL_DASHES if one.is_unproven else ""
    number, mark = one.arrow.number, "!" if one.has_harm else ""
    drawn = _formatted(BADGE, one.x, one.y, one.colour, dashes, one.x, one.foot, number, mark)
    if not base:
        return format_html("<g>{}</g>", drawn)
    return format_html(
        '<a href="{}links/{}/" id="badge-{}" class="badge" data-link="{}" data-from="{}" '
        'data-to="{}" aria-label="{}">{}</a>',
        *(base, *[number] * 3, one.start, one.end, one.name, drawn),
    )


def _formatted(form: str, *values: Any) -> SafeString:
    """Numbers are rounded before they are escaped."""
    return format_html(form, *map(_number, values))


def _number(one: Any) -> Any:
    return f"{one:.1f}" if isinstance(one, float) else one


def step_rows(steps: Iterable[tuple[Step, list[tuple[int, int]]]], base: str) -> SafeString:
    """The rows of the table of steps; `base` is empty for who may not change them."""
    row = '<tr id="step-{}"><th scope="row">{}</th><td>{}{}</td><td>{}</td><td>{}</td>{}</tr>\n'
    change = _changes("steps", _("Change step %(number)s"), _("Take step %(number)s out"))
    return format_html_join(
        "",
        row,
        (
            (
                *[step.number] * 2,
                step.get_kind_display(),
                _hint(step.get_witness_display()) if step.witness else "",
                step.text,
                _leads(leads),
                change(base, step.number) if base else "",
            )
            for step, leads in steps
        ),
    )


def _leads(leads: list[tuple[int, int]]) -> SafeString | str:
    text = _("%(to)s (link %(link)s)")
    places = ((link, text % {"to": to, "link": link}) for link, to in leads)
    return format_html_join(", ", '<a href="#link-{}">{}</a>', places) or NOTHING


def link_rows(rows: Iterable[dict[str, Any]], base: str) -> SafeString:
    """The rows of the table of links."""
    row = (
        '<tr id="link-{}"><th scope="row">{}{}</th><td>{}</td><td>{}</td><td>{}</td>'
        "<td>{}</td><td>{}</td><td>{}</td><td>{}</td>{}</tr>\n"
    )
    mark = format_html(' <strong class="tag warning">{}</strong>', _("Unproven"))
    change = _changes("links", _("Change link %(number)s"), _("Take link %(number)s out"))
    return format_html_join(
        "",
        row,
        (
            (
                *[one["link"].number] * 2,
                mark if one["lacks"] else "",
                named(one["link"].source.number, one["link"].source.text),
                named(one["link"].target.number, one["link"].target.text),
                one["link"].mechanism or NOTHING,
                one["link"].assumption or NOTHING,
                _evidence(one, may=bool(base)),
                one["link"].get_confidence_display(),
                one["link"].harm or NOTHING,
                change(base, one["link"].number) if base else "",
            )
            for one in rows
        ),
    )


def _evidence(row: dict[str, Any], *, may: bool) -> SafeString:
    return format_html_join("", "{}", ((one,) for one in _evidence_parts(row, may=may)))


def _evidence_parts(row: dict[str, Any], *, may: bool) -> Iterator[SafeString | str]:
    """What a link rests on; else that it is a judgement, or that there is nothing."""
    if row["grounds"]:
        yield format_html_join("", "<p>{}</p>", ((_ground(one),) for one in row["grounds"]))
        if not row["support"] and not row["to_indicator"]:
            state = _("Unsupported")
            yield format_html(
                '<strong class="tag warning">{}</strong> {}', state, row["support"].reason
            )
    elif row["link"].is_own_judgement:
        yield _("Our own judgement")
    else:
        yield NOTHING if row["to_indicator"] else _("None yet")
    if may and row["lacks"]:
        link = row["link"]
        address = reverse("thread:join", args=[link.workspace.slug, "theory_link", link.pk])
        name = _("Add evidence to link %(number)s") % {"number": link.number}
        yield format_html(
            '<br><a href="{}" aria-label="{}">{}</a>', address, name, _("Add evidence")
        )
    for one in row["link"].cited:
        text = _("Named in the imported file, not here: %(title)s")
        yield _hint(text % {"title": one["title"]})


def _ground(one: Any) -> SafeString:
    title = one.title if one.address else _("closed to you")
    if one.address:
        title = format_html('<a href="{}">{}</a>', one.address, one.title)
    note = format_html("<br>{}", one.note) if one.note else ""
    return format_html('<span class="hint">{}</span> {}{}', one.label, title, note)


def _hint(text: Any) -> SafeString:
    return format_html('<p class="hint">{}</p>', text)


def _changes(folder: str, change: str, take_out: str) -> Any:
    """The cell with the ways to change a row; what is heard names the row."""

    def cell(base: str, number: int) -> SafeString:
        return format_html(
            '<td class="theory-change"><a href="{0}{1}/{2}/" aria-label="{3}">{4}</a><br>'
            '<a href="{0}{1}/{2}/remove/" aria-label="{5}">{6}</a></td>',
            base,
            folder,
            number,
            change % {"number": number},
            _("Change"),
            take_out % {"number": number},
            _("Take out"),
        )

    return cell
