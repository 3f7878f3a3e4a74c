"""Signs between two texts, as each language sets them.

A template writes `{% translate ":" context "after a name" %}`; what is joined in code is joined
here, so that French has its narrow space before a colon or semicolon on paper and in files too.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import pgettext

__all__ = ["colon", "listed", "named"]


def colon() -> str:
    """The colon after a name, with the space that the language sets before it."""
    return pgettext("after a name", ":")


def named(name: object, text: object) -> str:
    """A text after its name, such as `Gaps: none`."""
    return f"{name}{colon()} {text}"


def listed(texts: Iterable[object]) -> str:
    """Texts in a row that may hold commas themselves, apart by semicolons."""
    return f"{pgettext('between two things', ';')} ".join(map(str, texts))
