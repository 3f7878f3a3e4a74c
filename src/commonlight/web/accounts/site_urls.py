"""Addresses of a person's own page."""

from django.urls import path

from commonlight.web.accounts import views

app_name = "accounts-site"
urlpatterns = [path("me/", views.me, name="me")]
