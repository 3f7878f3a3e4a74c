"""Addresses that everybody may open: public versions of the audits."""

from django.urls import path

from commonlight.web.problems.fieldwork.views import public

app_name = "fieldwork-public"
urlpatterns = [
    path("safety-audits/", public.index, name="audits"),
    path("safety-audits/<int:number>/", public.audit, name="audit"),
]
