"""Addresses of a workspace's own pages."""

from django.urls import path

from commonlight.web.workspaces import settings_views, views
from commonlight.web.workspaces.people.urls import urlpatterns as people

app_name = "workspaces"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("settings/", settings_views.settings, name="settings"),
    path("settings/look/", settings_views.look, name="look"),
    *people,
]
