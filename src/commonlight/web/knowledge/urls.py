"""Addresses of what is known, and of what each problem made of it."""

from django.urls import path

from commonlight.web.knowledge.views import (
    entries,
    gaps,
    overview,
    passports,
    practices,
    profile,
    search,
    stances,
    statements,
    tables,
)

app_name = "knowledge"
urlpatterns = [
    path("knowledge/", overview.overview, name="overview"),
    path("knowledge/search/", search.search_page, name="search"),
    path("knowledge/practices/", practices.index, name="practices"),
    path("knowledge/practices/<slug:key>/", practices.practice, name="practice"),
    path(
        "knowledge/practices/<slug:key>/link/",
        stances.link,
        {"kind": "practice"},
        name="link-practice",
    ),
    path("knowledge/statements/", statements.index, name="statements"),
    path("knowledge/statements/<slug:key>/", statements.statement, name="statement"),
    path(
        "knowledge/statements/<slug:key>/link/",
        stances.link,
        {"kind": "statement"},
        name="link-statement",
    ),
    path("knowledge/gaps/", gaps.index, name="gaps"),
    path("knowledge/gaps/new/", gaps.new, name="new-gap"),
    path("knowledge/gaps/research-needs.md", gaps.markdown, name="needs-markdown"),
    path("knowledge/gaps/research-needs.json", gaps.as_json, name="needs-json"),
    path("knowledge/gaps/<int:number>/", gaps.gap, name="gap"),
    path("knowledge/gaps/<int:number>/<slug:step>/", gaps.step, name="gap-step"),
    path("knowledge/local/", entries.index, name="entries"),
    path("knowledge/local/<slug:entry_kind>/new/", entries.new, name="new-entry"),
    path("knowledge/local/<slug:entry_kind>/<int:number>/", entries.entry, name="entry"),
    path(
        "knowledge/local/<slug:entry_kind>/<int:number>/change/",
        entries.change,
        name="change-entry",
    ),
    path(
        "knowledge/local/<slug:entry_kind>/<int:number>/link/",
        stances.link_entry,
        name="link-entry",
    ),
    path(
        "knowledge/local/<slug:entry_kind>/<int:number>/steps/<slug:step>/",
        entries.step,
        name="entry-step",
    ),
    path("knowledge/survey-items/", tables.items, name="items"),
    path("knowledge/costs/", tables.costs, name="costs"),
    path("knowledge/city/", profile.profile, name="profile"),
    path("knowledge/city/change/", profile.change, name="change-profile"),
    path("problems/<int:number>/evidence/", stances.evidence, name="evidence"),
    path("problems/<int:number>/passports/", passports.index, name="passports"),
    path("problems/<int:number>/passports/new/", passports.new, name="new-passport"),
    path("problems/<int:number>/passports/<int:passport>/", passports.passport, name="passport"),
    path(
        "problems/<int:number>/passports/<int:passport>/change/",
        passports.change,
        name="change-passport",
    ),
    path("problems/<int:number>/passports/<int:passport>/adapt/", passports.plan, name="adapt"),
    path(
        "problems/<int:number>/passports/<int:passport>/adapt/<int:adaptation>/drop/",
        passports.drop,
        name="drop-adaptation",
    ),
    path(
        "problems/<int:number>/passports/<int:passport>/passport.json",
        passports.as_json,
        name="passport-json",
    ),
]
