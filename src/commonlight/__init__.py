"""Commonlight: a workbench for a city's security partnership."""

from importlib.metadata import version

__version__ = version("commonlight")
