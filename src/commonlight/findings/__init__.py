"""Findings: sentences with their numbers, charts, maps, tables and limits."""
