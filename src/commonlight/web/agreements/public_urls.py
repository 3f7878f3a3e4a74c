"""Addresses that everybody may open."""

from django.urls import path

from commonlight.web.agreements import public_views

app_name = "agreements-public"
urlpatterns = [
    path("agreements/", public_views.register_page, name="register"),
    path("agreements.csv", public_views.register_csv, name="register-csv"),
    path("agreements.json", public_views.register_json, name="register-json"),
]
