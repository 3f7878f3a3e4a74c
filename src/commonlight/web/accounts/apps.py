"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and how they sign in."""

    name = "commonlight.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to what the sign-in library reports."""
        from commonlight.web.accounts.events import listen

        listen()
