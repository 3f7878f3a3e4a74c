"""Addresses of the agreements of a workspace."""

from django.urls import path

from commonlight.web.agreements.views import drafting, files, lists, signing

app_name = "agreements"
urlpatterns = [
    path("agreements/", lists.agreement_list, name="list"),
    path("agreements/new/", lists.new, name="new"),
    path("agreements/<int:number>/", lists.agreement_page, name="agreement"),
    path("agreements/<int:number>/parties/", drafting.parties, name="parties"),
    path("agreements/<int:number>/purpose/", drafting.purpose, name="purpose"),
    path("agreements/<int:number>/data/", drafting.data, name="data"),
    path("agreements/<int:number>/detail/", drafting.detail, name="detail"),
    path("agreements/<int:number>/dates/", drafting.dates, name="dates"),
    path("agreements/<int:number>/clauses/<slug:name>/", drafting.clause, name="clause"),
    path("agreements/<int:number>/check/", signing.check, name="check"),
    path("agreements/<int:number>/parts/<slug:name>/", signing.part, name="part"),
    path("agreements/<int:number>/sign/", signing.sign, name="sign"),
    path("agreements/<int:number>/ask/", signing.ask, name="ask"),
    path("agreements/<int:number>/take-back/", signing.take_back, name="take-back"),
    path("agreements/<int:number>/end/", signing.end, name="end"),
    path("agreements/<int:number>/follow-up/", signing.follow_up, name="follow-up"),
    path("agreements/<int:number>/agreement.docx", files.docx, name="docx"),
]
