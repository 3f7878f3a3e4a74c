"""Addresses of the problems of a workspace."""

from django.urls import path

from commonlight.web.problems.views import problems, statements

app_name = "problems"
urlpatterns = [
    path("problems/", problems.index, name="list"),
    path("problems/new/", problems.new, name="new"),
    path("problems/<int:number>/", problems.problem, name="problem"),
    path("problems/<int:number>/read/<slug:name>/", problems.read, name="read"),
    path("problems/<int:number>/statement/", statements.change, name="statement"),
    path("problems/<int:number>/reframing/", statements.reframing, name="reframing"),
]
