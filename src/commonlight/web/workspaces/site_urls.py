"""Addresses above all workspaces."""

from django.urls import path

from commonlight.web.workspaces import views

app_name = "workspaces-site"
urlpatterns = [path("", views.start, name="start")]
