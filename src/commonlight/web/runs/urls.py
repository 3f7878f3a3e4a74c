"""Addresses of runs."""

from django.urls import path

from commonlight.web.runs import views

app_name = "runs"
urlpatterns = [
    path("runs/", views.run_list, name="list"),
    path("runs/<int:pk>/", views.run_page, name="run"),
    path("runs/<int:pk>/progress/", views.progress, name="progress"),
    path("runs/<int:pk>/cancel/", views.cancel_page, name="cancel"),
    path("runs/<int:pk>/again/", views.again, name="again"),
]
