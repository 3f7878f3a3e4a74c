"""Theories of change: read, change, check, draw, keep and hand on."""
