"""Who may do what: one layer for page, API, export, print and job."""

from commonlight.web.policy.actor import Actor
from commonlight.web.policy.decisions import Decision, Refused, allowed, refused
from commonlight.web.policy.pages import WorkspaceRequest, open_page, own_page, page
from commonlight.web.policy.rules import decide, require, rule

__all__ = [
    "Actor",
    "Decision",
    "Refused",
    "WorkspaceRequest",
    "allowed",
    "decide",
    "open_page",
    "own_page",
    "page",
    "refused",
    "require",
    "rule",
]
