"""Addresses of choices and help, above all workspaces."""

from django.urls import path

from commonlight.web.ui import views
from commonlight.web.ui.help import views as help_views
from commonlight.web.ui.tiles import tiles

app_name = "ui-site"
urlpatterns = [
    path("language-choice/", views.language_choice, name="language-choice"),
    path("theme-choice/", views.theme_choice, name="theme-choice"),
    path("theme.css", views.style, name="theme-style"),
    path("tiles.pmtiles", tiles, name="tiles"),
    path("session/extend/", views.session_extend, name="session-extend"),
    path("help/", help_views.help_page, name="help"),
    path("help/terms/", help_views.terms, name="terms"),
    path("help/terms/<slug:slug>/", help_views.term, name="term"),
    path("help/methods/", help_views.methods, name="methods"),
    path("help/methods/<slug:slug>/", help_views.method, name="method"),
    path("help/accessibility/", help_views.accessibility, name="accessibility"),
    path("help/privacy/", help_views.privacy, name="privacy"),
]
