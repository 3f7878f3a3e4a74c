"""The workspaces app."""

from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    """The partnership's place, its members and its spaces."""

    name = "commonlight.web.workspaces"
    label = "workspaces"

    def ready(self) -> None:
        """Tell the policy how a person becomes an actor."""
        from commonlight.web.policy.pages import find_actor_with
        from commonlight.web.workspaces import rules  # noqa: F401
        from commonlight.web.workspaces.actors import actor_of_request
        from commonlight.web.workspaces.overview import load_parts
        from commonlight.web.workspaces.people import rules as people_rules  # noqa: F401
        from commonlight.web.workspaces.people import tasks  # noqa: F401

        find_actor_with(actor_of_request)
        load_parts()
