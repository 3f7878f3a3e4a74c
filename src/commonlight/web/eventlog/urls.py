"""Addresses of the event log of a workspace."""

from django.urls import path

from commonlight.web.eventlog import views

app_name = "eventlog"
urlpatterns = [
    path("log/", views.log, name="log"),
    path("log/export.csv", views.export, name="export"),
    path("log/<int:number>/", views.event_page, name="event"),
]
