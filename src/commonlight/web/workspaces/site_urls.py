"""Addresses above all workspaces."""

from django.urls import path

from commonlight.web.workspaces import first_run_views, views
from commonlight.web.workspaces.people import views_entrance

app_name = "workspaces-site"
urlpatterns = [
    path("", views.start, name="start"),
    path("invitation/<str:code>/", views_entrance.accept, name="accept"),
    path("invitation/<str:code>/renewal/", views_entrance.ask_renewal, name="ask-renewal"),
    path("setup/<str:code>/", first_run_views.first_run, name="set-up"),
]
