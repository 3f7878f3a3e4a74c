"""Addresses of the thread of a workspace."""

from django.urls import path

from commonlight.web.thread import views

app_name = "thread"
urlpatterns = [
    path("thread/<slug:kind>/<str:key>/", views.thing_page, name="thing"),
    path("thread/<slug:kind>/<str:key>/join/", views.join_page, name="join"),
    path("thread/<slug:kind>/<str:key>/<int:pk>/remove/", views.part_page, name="part"),
    path("thread/<slug:kind>/<str:key>/<int:pk>/settle/", views.settle_page, name="settle"),
]
