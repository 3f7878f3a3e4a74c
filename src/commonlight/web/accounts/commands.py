"""Commands about accounts."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["COMMANDS", "reset_second_factor"]


def reset_second_factor(
    email: Annotated[str, typer.Argument(help="Address of the account.")],
) -> None:
    """Take the second factor off an account whose phone or key is lost, and sign it out."""
    from commonlight.web.accounts.recovery import take_off_second_factor

    removed = take_off_second_factor(email)
    print(f"Removed: {removed}. The account is signed out and its password stays.")


COMMANDS = {"user reset-second-factor": reset_second_factor}
