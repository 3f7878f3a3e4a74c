"""Theories of change: why a measure should work, link by link."""
