"""Addresses of the JSON interface and of the page that describes it."""

from django.urls import path, re_path

from commonlight.web.api import views
from commonlight.web.api.operations import (
    agreements,
    assessment,
    audits,
    data,
    design,
    engagement,
    fieldwork,
    knowledge,
    partnerships,
    problems,
    public,
    review,
    runs,
    theory,
    workspaces,
)
from commonlight.web.api.service import api

for _operations in (
    workspaces,
    data,
    runs,
    audits,
    agreements,
    problems,
    partnerships,
    design,
    engagement,
    review,
    knowledge,
    theory,
    fieldwork,
    assessment,
    public,
):
    api.add_router("", _operations.router)

app_name = "api-site"
urlpatterns = [
    path("api/", views.description, name="description"),
    path("api/v1/", views.description, name="description-v1"),
    path("api/v1/openapi.json", views.document, name="document"),
    path("api/v1/", api.urls),
    re_path(r"^api/.*$", views.nothing, name="nothing"),
]
