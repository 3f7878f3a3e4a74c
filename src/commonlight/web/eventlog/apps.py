"""The eventlog app."""

from django.apps import AppConfig


class EventLogConfig(AppConfig):
    """What was changed, read, exported and refused."""

    name = "commonlight.web.eventlog"
    label = "eventlog"

    def ready(self) -> None:
        """Keep every refusal."""
        from commonlight.web.eventlog.refusals import keep_refusal
        from commonlight.web.policy.rules import refusal_shown

        refusal_shown.connect(keep_refusal, dispatch_uid="eventlog")
