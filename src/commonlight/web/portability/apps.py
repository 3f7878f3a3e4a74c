"""The portability app."""

from django.apps import AppConfig


class PortabilityConfig(AppConfig):
    """A workspace can leave, and come back."""

    name = "commonlight.web.portability"
    label = "portability"

    def ready(self) -> None:
        """Tell the policy who may export, and the event log whose imported numbers are whose."""
        from commonlight.web.eventlog.things import number_people_with
        from commonlight.web.portability import rules  # noqa: F401
        from commonlight.web.portability.log_people import people_behind

        number_people_with(people_behind)
