"""Addresses of fieldwork and of the audit workspace."""

from django.urls import path

from commonlight.web.problems.fieldwork.views import (
    audits,
    entries,
    observations,
    positive,
    sessions,
    versions,
)

app_name = "fieldwork"
LENS = "problems/<int:number>/positive/"
FIELD = "problems/<int:number>/fieldwork/"
SESSION = f"{FIELD}sessions/<int:session>/"
AUDIT = "audit-scope/<int:number>/"
VERSION = f"{AUDIT}public/<int:version>/"
urlpatterns = [
    path(LENS, positive.index, name="positive"),
    path(f"{LENS}<slug:question>/answer/", positive.answer, name="answer"),
    path(f"{LENS}<int:pk>/take-back/", positive.take_back, name="use-back"),
    path(FIELD, sessions.index, name="sessions"),
    path(f"{FIELD}cards/", sessions.card_list, name="cards"),
    path(f"{FIELD}cards/<slug:name>/", sessions.card_page, name="card"),
    path(f"{FIELD}cards/<slug:name>/session/", sessions.new, name="session-new"),
    path(SESSION, observations.session, name="session"),
    path(f"{SESSION}change/", sessions.change, name="session-change"),
    path(f"{SESSION}take-back/", sessions.take_back, name="session-back"),
    path(f"{SESSION}<int:observation>/use/", observations.use, name="observation-use"),
    path(f"{SESSION}<int:observation>/take-back/", observations.take_back, name="observation-back"),
    path("audit-scope/", audits.index, name="audits"),
    path("audit-scope/new/", audits.new, name="audit-new"),
    path(AUDIT, audits.audit, name="audit"),
    path(f"{AUDIT}read/", audits.internal, name="audit-internal"),
    path(f"{AUDIT}none-found/", audits.none_found, name="audit-none"),
    path(f"{AUDIT}complete/", audits.complete, name="audit-complete"),
    path(f"{AUDIT}reopen/", audits.reopen, name="audit-reopen"),
    path(f"{AUDIT}blocks/<slug:block>/", entries.block, name="audit-block"),
    path(f"{AUDIT}blocks/<slug:block>/write/", entries.write, name="entry-write"),
    path(f"{AUDIT}entries/<int:pk>/", entries.change, name="entry"),
    path(f"{AUDIT}entries/<int:pk>/take-back/", entries.take_back, name="entry-back"),
    path(f"{AUDIT}public/", versions.propose, name="version-propose"),
    path(VERSION, versions.version, name="version"),
    path(f"{VERSION}withdraw/", versions.withdraw, name="version-withdraw"),
]
