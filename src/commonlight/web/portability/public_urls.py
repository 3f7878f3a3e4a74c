"""Addresses that everybody may open: what is public, and the catalogue of it."""

from django.urls import path

from commonlight.web.portability import public_views

app_name = "portability-public"
urlpatterns = [
    path("", public_views.start, name="start"),
    path("catalogue/", public_views.catalogue_page, name="catalogue"),
    path("catalogue.jsonld", public_views.catalogue_json, name="catalogue-json"),
    path("catalogue.ttl", public_views.catalogue_turtle, name="catalogue-turtle"),
]
