"""Addresses of the installation itself."""

from django.urls import path

from commonlight.web.config import health

app_name = "config-site"
urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
]
