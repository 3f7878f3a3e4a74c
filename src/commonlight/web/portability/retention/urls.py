"""Addresses of retention in a workspace."""

from django.urls import path

from commonlight.web.portability.retention import views

app_name = "retention"
urlpatterns = [
    path("retention/", views.retention, name="retention"),
    path("retention/rules/", views.rules, name="rules"),
    path("retention/removal/", views.removal, name="removal"),
]
