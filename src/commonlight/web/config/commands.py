"""Commands about the installation itself."""

from __future__ import annotations

__all__ = ["COMMANDS", "WITHOUT_DATABASE", "migrate"]


def migrate() -> None:
    """Bring the database to this version of Commonlight; does nothing where it is there."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    print("The database is at this version.")


COMMANDS = {"migrate": migrate}
WITHOUT_DATABASE = {"migrate"}
