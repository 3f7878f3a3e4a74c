"""Data sets, versions and uploads."""
