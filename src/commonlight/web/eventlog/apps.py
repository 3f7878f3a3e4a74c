"""The eventlog app."""

from django.apps import AppConfig


class EventLogConfig(AppConfig):
    """What was changed, read, exported and refused."""

    name = "commonlight.web.eventlog"
    label = "eventlog"

    def ready(self) -> None:
        """Keep every refusal, and what happens to people and their places."""
        from commonlight.web.accounts.happenings import happened
        from commonlight.web.eventlog.happenings import keep_happening
        from commonlight.web.eventlog.refusals import keep_refusal
        from commonlight.web.policy.rules import refusal_shown

        refusal_shown.connect(keep_refusal, dispatch_uid="eventlog")
        happened.connect(keep_happening, dispatch_uid="eventlog.happenings")
