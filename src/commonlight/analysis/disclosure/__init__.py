"""Disclosure control: what may be published together without exposing small counts."""
