"""Addresses of a workspace's own pages."""

from django.urls import path

from commonlight.web.workspaces import views

app_name = "workspaces"
urlpatterns = [path("", views.overview, name="overview")]
