"""What an event tells, in words; each app says its own actions in `event_words.py`."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonlight.web.eventlog.models import Event, EventKind

__all__ = ["action_name", "sentence", "words"]

OWN_WORDS = {
    "workspace.view": gettext_lazy("Open the workspace"),
    "workspace.configure": gettext_lazy("Change the settings of the workspace"),
    "workspace.export": gettext_lazy("Export the whole workspace"),
    "workspace.import": gettext_lazy("Import the whole workspace"),
    "people.view": gettext_lazy("See the members"),
    "people.invite": gettext_lazy("Invite a person"),
    "people.manage": gettext_lazy("Change members and organisations"),
    "space.view": gettext_lazy("Open a space"),
    "space.manage": gettext_lazy("Change a space"),
    "data.list": gettext_lazy("See the list of data"),
    "data.view": gettext_lazy("Open a data set"),
    "data.upload": gettext_lazy("Bring data in"),
    "data.steward": gettext_lazy("Look after a data set"),
    "data.export": gettext_lazy("Export data"),
    "data.delete": gettext_lazy("Delete a data set"),
    "agreement.view": gettext_lazy("Open an agreement"),
    "agreement.draft": gettext_lazy("Draft an agreement"),
    "agreement.sign": gettext_lazy("Sign an agreement"),
    "agreement.end": gettext_lazy("End an agreement"),
    "run.view": gettext_lazy("Open a run"),
    "run.start": gettext_lazy("Start a run"),
    "run.cancel": gettext_lazy("Cancel a run"),
    "audit.view": gettext_lazy("Open an audit"),
    "audit.plan": gettext_lazy("Plan an audit"),
    "audit.start": gettext_lazy("Start an audit"),
    "finding.view": gettext_lazy("Open a finding"),
    "finding.download": gettext_lazy("Download a finding"),
    "release.view": gettext_lazy("Open a release"),
    "release.propose": gettext_lazy("Propose a release"),
    "release.check": gettext_lazy("Check a release"),
    "release.withdraw": gettext_lazy("Withdraw a release"),
    "log.view": gettext_lazy("Open the event log"),
    "log.export": gettext_lazy("Export the event log"),
    "retention.view": gettext_lazy("Open the rules of retention"),
    "retention.run": gettext_lazy("Delete what is past its time"),
    "token.manage": gettext_lazy("Change tokens"),
}


@lru_cache
def words() -> dict[str, Any]:
    """The name of every action that an app named."""
    found = dict(OWN_WORDS)
    for app in apps.get_app_configs():
        name = f"{app.name}.event_words"
        if app.name.startswith("commonlight.web.") and find_spec(name):
            found.update(import_module(name).WORDS)
    return found


def action_name(action: str) -> str:
    """An action in words; one that no app named stands as it is."""
    return str(words().get(action, action))


def sentence(event: Event, thing: str) -> str:
    """What was done, or refused, to what."""
    name = action_name(event.action)
    if event.kind == EventKind.REFUSAL:
        told = _("Refused: %(action)s") % {"action": name}
    else:
        told = name
    return _("%(told)s: %(thing)s") % {"told": told, "thing": thing} if thing else told
