"""Addresses of the demo; they answer in a demo only."""

from django.urls import path

from commonlight.web.demo import views

app_name = "demo-site"
urlpatterns = [
    path("demo/", views.choose, name="choose"),
    path("demo/sample.csv", views.sample, name="sample"),
    path("demo/<slug:key>/", views.become, name="become"),
    path("demo/<slug:key>/<int:number>/", views.step, name="step"),
    path("demo/tour/end/", views.end_tour, name="end"),
]
