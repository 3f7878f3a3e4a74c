"""Partnerships: who does what, what was agreed, how it goes, and what meetings decided."""
