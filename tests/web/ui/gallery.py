"""Pages that show every component, for tests alone: a root of addresses, with its views."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path
from django.utils import timezone

from commonlight.web.ui.context import frame
from commonlight.web.ui.marks import for_everybody

SHELF: list[Path] = []
"""Where the findings lie that the gallery shows; the fixture sets it."""

KINDS = {
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".svg": "image/svg+xml",
}

NASTY = '<script>alert("x")</script> & "Mörk"'


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name of the data set", help_text="As others will find it.")
    email = forms.EmailField(label="Address", required=False)
    kind = forms.ChoiceField(
        label="Kind", choices=[("", "Choose"), ("a", "Burglary"), ("b", NASTY)]
    )
    role = forms.ChoiceField(
        label="Role", choices=[("r", "Reader"), ("w", "Contributor")], widget=forms.RadioSelect
    )
    days = forms.MultipleChoiceField(
        label="Days",
        choices=[("1", "Monday"), ("2", "Tuesday")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(label="I have read the agreement", help_text="All of it.")
    starts_on = forms.DateField(
        label="First day", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    text = forms.CharField(label="Purpose", widget=forms.Textarea, required=False)
    file = forms.FileField(label="File", required=False)
    step = forms.CharField(widget=forms.HiddenInput, initial="2", required=False)

    def clean(self) -> dict[str, Any]:
        if self.data.get("name") == "taken":
            raise forms.ValidationError("This name is taken.")
        return super().clean()


class FilterForm(forms.Form):
    """A filter of a list."""

    area = forms.CharField(label="Area", required=False)
    kind = forms.MultipleChoiceField(
        label="Kind", choices=[("a", "Burglary"), ("b", "Theft")], required=False
    )


def _drawn(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    text = (Path(__file__).parent / "pages" / f"{name}.html").read_text(encoding="utf-8")
    return HttpResponse(engines["django"].from_string(text).render(context, request))


@for_everybody
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component once."""
    form = SampleForm(request.POST or None)
    form.is_valid()
    when = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    context = {
        "form": form,
        "filters": FilterForm(request.GET or None, auto_id="filter_%s"),
        "nasty": NASTY,
        "facts": [("Name", NASTY, "/change/", "Change"), ("Rows", 12345)],
        "tasks": [("Map the columns", "To do", "/map/", "info", NASTY), ("Check", "Done")],
        "events": [("Uploaded", when, "Ada", NASTY, "/run/1/"), ("Created", when)],
        "numbers": [("1,234", "burglaries", "2025, per 1,000 homes"), ("3", "data sets", "")],
        "table": {
            "caption": "Burglaries by area " + NASTY,
            "columns": [
                {"label": "Area"},
                {"label": "Burglaries", "numeric": True},
                {"label": "Rate", "numeric": True, "decimals": 1, "unit": "per 1,000"},
                {"label": "A column with rather a long name that makes it wide"},
            ],
            "rows": [
                [NASTY, 1200, 3.25, "x"],
                ["Centre", 90, None, "a long text that stands in this cell"],
                ["Old town", None, 12.5, "y"],
            ],
        },
        "page": Paginator(range(300), 10).get_page(request.GET.get("page", 4)),
    }
    return _drawn(request, "gallery", context)


@for_everybody
def findings(request: HttpRequest) -> HttpResponse:
    """The charts of the shelf."""
    shown = [_finding(one) for one in _content()["findings"] if one["chart"]]
    return _drawn(request, "findings", {"findings": shown})


@for_everybody
def maps(request: HttpRequest) -> HttpResponse:
    """The maps of the shelf."""
    shown = [_map(one) for one in _content()["findings"] if one["map"]]
    return _drawn(request, "maps", {"maps": shown})


@for_everybody
def session(request: HttpRequest) -> HttpResponse:
    """A page whose session ends six minutes after it was opened, and cannot be extended."""
    shown = {**frame(request)["frame"], "session_ends": timezone.now() + timedelta(minutes=6)}
    return _drawn(request, "session", {"frame": shown})


@for_everybody
def extended(request: HttpRequest) -> JsonResponse:
    """The answer to a signed-in person who extends her session."""
    ends = timezone.now() + timedelta(hours=8)
    return JsonResponse({"ends": ends.isoformat(timespec="seconds")})


@for_everybody
def shelf_file(request: HttpRequest, name: str) -> FileResponse:
    """A file of the shelf."""
    found = SHELF[0] / name
    if not found.is_file():
        raise Http404
    kinds = {
        ".json": "application/json",
        ".geojson": "application/geo+json",
        ".svg": "image/svg+xml",
    }
    return FileResponse(found.open("rb"), content_type=kinds.get(found.suffix, "text/csv"))


def _content() -> dict[str, Any]:
    return json.loads((SHELF[0] / "findings.json").read_text(encoding="utf-8"))


def _finding(one: dict[str, Any]) -> dict[str, Any]:
    files = one["files"]
    return {
        **one,
        "wide": (SHELF[0] / files["chart"]).read_text(encoding="utf-8"),
        "narrow": (SHELF[0] / files["chart_narrow"]).read_text(encoding="utf-8"),
        "downloads": [("Table (CSV)", f"/shelf/{files['table']}")] if "table" in files else [],
    }


def _map(one: dict[str, Any]) -> dict[str, Any]:
    files = one["files"]
    data = json.loads((SHELF[0] / files["map_data"]).read_text(encoding="utf-8"))
    return {
        "data": data,
        "sentence": one["sentence"],
        "data_url": f"/shelf/{files['map_data']}",
        "geometry_url": f"/shelf/{data['geometry_file']}",
        "ground_url": f"/shelf/{data['ground_file']}" if data["ground_file"] else "",
        "image_url": f"/shelf/{files['map']}",
        "image_narrow_url": f"/shelf/{files['map_narrow']}",
    }


urlpatterns = [
    path("gallery/", gallery),
    path("gallery/findings/", findings),
    path("gallery/maps/", maps),
    path("gallery/session/", session),
    path("gallery/extended/", extended),
    path("shelf/<path:name>", shelf_file),
    path("", include("commonlight.web.config.urls")),
]
