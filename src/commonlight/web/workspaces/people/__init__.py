"""People of a workspace: invitations, members, organisations, spaces."""
