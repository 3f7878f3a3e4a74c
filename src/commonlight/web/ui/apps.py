"""The ui app."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core.signals import setting_changed


class UiConfig(AppConfig):
    """Templates, style, scripts and help."""

    name = "commonlight.web.ui"
    label = "ui"

    def ready(self) -> None:
        """Mark what is not translated, and note when each session ends."""
        from commonlight.web.ui.missing_translations import mark_missing
        from commonlight.web.ui.session import note_sign_in

        mark_missing()
        setting_changed.connect(lambda **_: mark_missing(), weak=False, dispatch_uid="ui.languages")
        user_logged_in.connect(note_sign_in, dispatch_uid="ui.session")
