"""Addresses of the export of a workspace."""

from django.urls import path

from commonlight.web.portability import views

app_name = "portability"
urlpatterns = [
    path("export/", views.export, name="export"),
    path("export/ask/", views.ask_consent, name="ask-consent"),
    path("export/consent/", views.consent, name="consent"),
    path("export/<int:pk>/workspace.zip", views.download, name="download"),
]
