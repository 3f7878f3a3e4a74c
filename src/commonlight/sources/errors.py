"""What can go wrong with a source, in words a clerk can act on.

Every error says what was wrong, in which file or field, what was given and
what to do next. A single bad row is never an error: it is a rejected row,
counted by its reason (see :mod:`commonlight.sources.rejects`).
"""

from __future__ import annotations

__all__ = [
    "CodebookError",
    "LakeBusyError",
    "LakeError",
    "MappingError",
    "PersonDataError",
    "SourceError",
    "UnreadableFileError",
]


class SourceError(ValueError):
    """A source cannot be imported as asked; base of this room's errors."""


class MappingError(SourceError):
    """A mapping contradicts itself, or does not fit the file it is used on."""


class CodebookError(SourceError):
    """A codebook contradicts itself, or does not fit the answers it is used on."""


class PersonDataError(SourceError):
    """A file holds data about persons; nothing of it was kept.

    Parameters
    ----------
    message : str
        What was found and how to go on.
    columns : tuple of str
        The columns that look like data about persons.

    Examples
    --------
    >>> PersonDataError("column 'Name' holds names", columns=("Name",)).columns
    ('Name',)
    """

    def __init__(self, message: str, *, columns: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.columns = columns


class UnreadableFileError(SourceError):
    """A file cannot be read at all: missing, empty, or not what it claims to be."""


class LakeError(SourceError):
    """The lake has no such source or version, or its files do not agree."""


class LakeBusyError(LakeError):
    """Another import into the same source is running; it can be waited for."""
