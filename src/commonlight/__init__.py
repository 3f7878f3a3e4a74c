"""Commonlight: a workbench for a city's security partnership."""

from __future__ import annotations

__all__ = ["__version__"]

__version__: str


def __getattr__(name: str) -> str:
    """The version, looked up when it is asked for: the look-up takes longer than the help."""
    if name != "__version__":
        raise AttributeError(f"module 'commonlight' has no attribute {name!r}")
    from importlib.metadata import version

    return version("commonlight")
