"""The app of the thread."""

from django.apps import AppConfig


class ThreadConfig(AppConfig):
    """What rests on what."""

    name = "commonlight.web.thread"
    label = "thread"

    def ready(self) -> None:
        """Load what each app says of its own things."""
        from commonlight.web.thread import rules  # noqa: F401
        from commonlight.web.thread.kinds import load_kinds

        load_kinds()
