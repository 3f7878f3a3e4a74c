"""Joining, parting and walking the thread."""

from commonlight.web.thread.domain.joining import LinkError, join, part, settle
from commonlight.web.thread.domain.support import Support, supports
from commonlight.web.thread.domain.web import Web, web_of

__all__ = ["LinkError", "Support", "Web", "join", "part", "settle", "supports", "web_of"]
