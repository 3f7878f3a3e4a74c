"""Addresses about the people of a workspace."""

from django.urls import path

from commonlight.web.workspaces.people import (
    views_invitations,
    views_members,
    views_organisations,
    views_spaces,
)

__all__ = ["urlpatterns"]

urlpatterns = [
    path("people/", views_members.people, name="people"),
    path("people/invite/", views_invitations.invite, name="invite"),
    path("people/<int:pk>/", views_members.member, name="member"),
    path("people/<int:pk>/end/", views_members.end, name="end-membership"),
    path("people/invitations/<int:pk>/", views_invitations.invitation, name="invitation"),
    path("people/invitations/<int:pk>/renew/", views_invitations.renew, name="renew-invitation"),
    path(
        "people/invitations/<int:pk>/withdraw/",
        views_invitations.withdraw,
        name="withdraw-invitation",
    ),
    path(
        "people/organisations/add/", views_organisations.add_organisation, name="add-organisation"
    ),
    path(
        "people/organisations/<int:pk>/",
        views_organisations.change_organisation,
        name="organisation",
    ),
    path("spaces/", views_spaces.spaces, name="spaces"),
    path("spaces/add/", views_spaces.add_space, name="add-space"),
    path("spaces/<slug:slug>/", views_spaces.space, name="space"),
    path("spaces/<slug:slug>/change/", views_spaces.change_space, name="change-space"),
    path("spaces/<slug:slug>/roles/", views_spaces.enter_space, name="enter-space"),
    path("spaces/<slug:slug>/roles/<int:pk>/end/", views_spaces.leave_space, name="leave-space"),
]
