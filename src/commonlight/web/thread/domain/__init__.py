"""Joining, parting and walking the thread."""

from commonlight.web.thread.domain.joining import LinkError, join, part, settle
from commonlight.web.thread.domain.support import Support, supports
from commonlight.web.thread.domain.walking import Surroundings, surroundings
from commonlight.web.thread.domain.web import Web, web_of

__all__ = [
    "LinkError",
    "Support",
    "Surroundings",
    "Web",
    "join",
    "part",
    "settle",
    "supports",
    "surroundings",
    "web_of",
]
