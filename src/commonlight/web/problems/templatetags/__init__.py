"""Filters for the pages of problems."""
