"""The components as template tags: `{% load ui %}`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commonlight.web.ui.assets import asset_address
from commonlight.web.ui.components.figures import chart_context
from commonlight.web.ui.components.filters import chosen_filters, without_filters
from commonlight.web.ui.components.forms import error_links, field_context, has_errors
from commonlight.web.ui.components.maps import map_context
from commonlight.web.ui.components.rows import BigNumber, Event, SummaryRow, Task, as_rows
from commonlight.web.ui.components.tables import as_table
from commonlight.web.ui.help.glossary import find_term
from commonlight.web.ui.languages import language_name
from commonlight.web.ui.navigation import MORE, entries
from commonlight.web.ui.svg import inline_svg
from commonlight.web.ui.theme_style import theme_query

register = template.Library()

TAG_KINDS = ("", "success", "warning", "error", "info", "mark")
NOTICE_KINDS = ("info", "success", "warning", "error", "mark")


@register.simple_tag
def asset(name: str) -> str:
    """The address of one of our static files."""
    return asset_address(name)


@register.simple_tag
def static_file(name: str) -> str:
    """The address of a file of a library, whose folder carries its version."""
    return static(name)


@register.simple_tag(takes_context=True)
def error_prefix(context: template.Context) -> str:
    """What the title starts with where a form on the page has errors; said once a page."""
    if context.render_context.get("error_prefix_is_said"):
        return ""
    context.render_context["error_prefix_is_said"] = True
    # Looking at the token would make it, and set a cookie on pages that have no form.
    values = {name: value for name, value in context.flatten().items() if name != "csrf_token"}
    return _("Error: ") if has_errors(values.values()) else ""


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """All errors of the forms, each linked to its field."""
    return {"errors": error_links(*forms)}


@register.inclusion_tag("ui/components/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """One field with its label, hint and errors."""
    return field_context(bound, **options)


@register.inclusion_tag("ui/components/form_fields.html")
def form_fields(form: Any) -> dict[str, Any]:
    """All fields of a form, in its order."""
    return {"form": form}


@register.inclusion_tag("ui/components/action_button.html", takes_context=True)
def action_button(
    context: template.Context,
    label: str,
    url: str,
    action: str = "",
    thing: Any = None,
    **options: Any,
) -> dict[str, Any]:
    """A button that the policy enables, or disables with its reason.

    `method="post"` sends a form, else it is a link; `kind` is secondary or danger.
    """
    return {
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
        "label": label,
        "url": url,
        "action": action,
        "thing": thing,
        **options,
    }


@register.simple_tag
def tag(text: Any, kind: str = "") -> SafeString:
    """A short state in words; colour only repeats it."""
    if kind not in TAG_KINDS:
        raise ValueError(f"no kind of tag {kind!r}: use one of {TAG_KINDS}")
    return format_html('<strong class="{}">{}</strong>', f"tag {kind}".strip(), text)


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: Any = "") -> SafeString:
    """Something that must be seen before going on."""
    if kind not in NOTICE_KINDS:
        raise ValueError(f"no kind of notice {kind!r}: use one of {NOTICE_KINDS}")
    return render_to_string(
        "ui/components/notice.html", {"content": content, "kind": kind, "title": title}
    )


@register.simple_block_tag
def empty_state(content: str, title: Any) -> SafeString:
    """Nothing is here yet: why, and what to do."""
    return render_to_string("ui/components/empty_state.html", {"content": content, "title": title})


@register.inclusion_tag("ui/components/summary_list.html")
def summary_list(rows: Iterable[Any]) -> dict[str, Any]:
    """Facts with their names, and where each is changed."""
    return {"rows": as_rows(SummaryRow, rows)}


@register.inclusion_tag("ui/components/task_list.html")
def task_list(items: Iterable[Any]) -> dict[str, Any]:
    """What is to do, each with its state."""
    return {"tasks": as_rows(Task, items)}


@register.inclusion_tag("ui/components/timeline.html")
def timeline(events: Iterable[Any]) -> dict[str, Any]:
    """What happened, in the order given."""
    return {"events": as_rows(Event, events)}


@register.inclusion_tag("ui/components/big_numbers.html")
def big_numbers(items: Iterable[Any]) -> dict[str, Any]:
    """At most three figures in a row, each with its context."""
    return {"numbers": as_rows(BigNumber, items)}


@register.inclusion_tag("ui/components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page, parameter: str = "page") -> dict[str, Any]:
    """The pages of a long list; the filters in the address stay."""
    query: QueryDict = context["request"].GET.copy()
    query.pop(parameter, None)
    return {
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "gap": page.paginator.ELLIPSIS,
        "parameter": parameter,
        "query": query.urlencode(),
    }


@register.inclusion_tag("ui/components/filter_form.html", takes_context=True)
def filter_form(context: template.Context, form: Any, label: Any = "") -> dict[str, Any]:
    """A form that narrows a list, with the chosen filters on top, each removable."""
    request = context["request"]
    return {
        "form": form,
        "label": label,
        "path": request.path,
        "clear": f"{request.path}{without_filters(form, request.GET)}",
        "chosen": chosen_filters(form, request.GET),
    }


@register.inclusion_tag("ui/components/breadcrumb.html")
def breadcrumb(*parts: Any) -> dict[str, Any]:
    """Where the page lies: label, address, label, address, ..., and the page's own label."""
    pairs = [(parts[i], parts[i + 1]) for i in range(0, len(parts) - 1, 2)]
    return {"above": pairs, "here": parts[-1] if len(parts) % 2 else ""}


@register.simple_tag(takes_context=True)
def navigation_part(context: template.Context, part: str) -> SafeString:
    """The entries of the navigation that the person may open: those for work, or the others."""
    request = context["request"]
    shown = [
        entry
        for entry in entries(context["frame"]["navigation"], request.workspace.slug, request.path)
        if (entry.item.order >= MORE) == (part == "more")
    ]
    return _in_a_line("ui/parts/navigation_items.html", request=request, entries=shown)


@register.simple_tag
def workspace_theme(workspace: Any) -> str:
    """The address of the style sheet with the colours of a workspace."""
    return f"{reverse('ui-site:theme-style')}?{theme_query(workspace.theme)}"


@register.simple_tag(takes_context=True)
def term(context: template.Context, name: str, text: Any = "") -> SafeString:
    """A word that opens its definition in the glossary; `text` stands on the page in its place."""
    found = find_term(name)
    return _in_a_line(
        "ui/components/term.html",
        term=found,
        text=text or name,
        url=reverse("ui-site:term", args=[found.slug]),
        box=_next_id(context, f"term-{found.slug}"),
    )


def _next_id(context: template.Context, start: str) -> str:
    """An id that is new on the page, and the same each time the page is drawn."""
    keeper: Any = context.get("request") or context.render_context
    used = getattr(keeper, "ui_ids", {})
    used[start] = used.get(start, 0) + 1
    keeper.ui_ids = used
    return f"{start}-{used[start]}"


@register.simple_tag
def method_link(page: str, name: Any) -> SafeString:
    """A link to what a method can and cannot say; `page` as in a finding: its name or file."""
    slug = page.rsplit("/", 1)[-1].removesuffix(".md")
    url = reverse("ui-site:method", args=[slug])
    return _in_a_line("ui/components/method_link.html", url=url, name=name)


def _in_a_line(file: str, /, **context: Any) -> SafeString:
    """A template as part of a line: without the line break at the end of its file."""
    return SafeString(render_to_string(file, context).strip())


@register.simple_block_tag
def content_language(content: str, code: str, note: bool = True) -> SafeString:
    """Text in a language of its own; where the interface has another, a short note says so."""
    return render_to_string(
        "ui/components/content_language.html",
        {
            "content": content,
            "code": code,
            "name": language_name(code),
            "differs": note and (get_language() or "en").split("-")[0] != code,
        },
    )


@register.inclusion_tag("ui/components/data_table.html", takes_context=True)
def data_table(context: template.Context, table: Any, sortable: bool = True) -> dict[str, Any]:
    """A table with its caption, in a box that scrolls where it is wide."""
    return {"table": as_table(table), "sortable": sortable, "id": _next_id(context, "table")}


@register.inclusion_tag("ui/components/chart.html", takes_context=True)
def chart(
    context: template.Context,
    svg_wide: str,
    svg_narrow: str,
    sentence: Any,
    table: Any = None,
    **options: Any,
) -> dict[str, Any]:
    """A chart with its sentence, its table and its files.

    `data` is the chart's entry in findings.json (for the keyboard), `downloads` are pairs of
    label and address, `language` is the language of the sentence where it differs from the page.
    """
    made = chart_context(svg_wide, svg_narrow, sentence, table, **options)
    name = _next_id(context, "chart")
    return {**made, "request": context.get("request"), "id": name, "points_id": f"{name}-points"}


@register.inclusion_tag("ui/components/area_map.html", takes_context=True)
def area_map(
    context: template.Context,
    data: Any,
    data_url: str,
    geometry_url: str,
    **options: Any,
) -> dict[str, Any]:
    """A map with its legend, a search for places and a list of all of them.

    `data` is the map's file on the shelf, which `data_url` serves too. `ground_url` is the land
    below; `image_url` and `image_narrow_url` are the pictures drawn on the server (or
    `svg_wide` and `svg_narrow`, their text); `sentence`, `downloads` and `language` are as in a
    chart.
    """
    drawn = {
        name: inline_svg(options.pop(f"svg_{name}"))
        for name in ("wide", "narrow")
        if options.get(f"svg_{name}")
    }
    name = _next_id(context, "map")
    return {
        **map_context(data, data_url=data_url, geometry_url=geometry_url, **drawn, **options),
        "request": context.get("request"),
        "id": name,
        "words_id": f"{name}-words",
    }
