"""Sharing agreements, which control the data."""
