"""Runs: every computation, recorded."""
