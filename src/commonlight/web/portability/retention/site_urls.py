"""The address at which a person takes leave."""

from django.urls import path

from commonlight.web.portability.retention import views

app_name = "retention-site"
urlpatterns = [path("me/delete/", views.leave, name="leave")]
