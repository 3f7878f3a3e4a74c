"""Commands about workspaces and the people in them."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["COMMANDS", "add_user", "create"]


def create(
    slug: Annotated[str, typer.Argument(help="Short name, used in addresses: a-z, 0-9, -.")],
    name: Annotated[str, typer.Option(help="Name of the partnership.")],
    city: Annotated[str, typer.Option(help="City.")],
    country: Annotated[str, typer.Option(help="Country code of two letters.")] = "",
    language: Annotated[str, typer.Option(help="Language of mails and public pages.")] = "en",
    time_zone: Annotated[str, typer.Option(help="Time zone, such as Europe/Berlin.")] = "UTC",
) -> None:
    """Make a workspace; then add its coordinator with `user add`."""
    from commonlight.web.workspaces.people.by_command import new_workspace

    workspace = new_workspace(
        slug=slug, name=name, city=city, country=country, language=language, time_zone=time_zone
    )
    print(f"The workspace {workspace.slug} is there. Add a coordinator: commonlight user add")


def add_user(
    workspace: Annotated[str, typer.Argument(help="Short name of the workspace.")],
    email: Annotated[str, typer.Argument(help="Address to sign in with.")],
    name: Annotated[str, typer.Option(help="Name of the person.")],
    organisation: Annotated[str, typer.Option(help="Organisation; made if it is not there.")],
    kind: Annotated[str, typer.Option(help="Kind of a new organisation.")] = "municipality",
    role: Annotated[str, typer.Option(help="Role in the workspace.")] = "coordinator",
) -> None:
    """Make a person a member of a workspace; prints a link to set the first password."""
    from commonlight.web.workspaces.people.by_command import new_member

    link = new_member(
        workspace=workspace, email=email, name=name, organisation=organisation, kind=kind, role=role
    )
    print(f"{email.strip().lower()} is a member of {workspace} as {role}.")
    if link:
        print(f"Set the first password within three days: {link}")


COMMANDS = {"workspace create": create, "user add": add_user}
