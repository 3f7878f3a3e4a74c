"""What the columns of a file can be that is kept as a file."""

from __future__ import annotations

__all__ = ["COLUMN_ROLES", "REQUIRED_ROLES"]

COLUMN_ROLES = {
    "areas": ("code", "name", "parent"),
    "population": ("area", "count"),
    "streets": ("identifier",),
    "places": ("name", "category", "x", "y"),
    "interventions": ("name", "what", "from", "to", "area", "x", "y"),
}
"""What the columns of a kind of file can be, in the order of the page."""

REQUIRED_ROLES = {
    "areas": ("code",),
    "population": ("area", "count"),
    "streets": (),
    "places": ("name",),
    "interventions": ("name", "what", "from"),
}
"""Columns that must be named."""
