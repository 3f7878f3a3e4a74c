"""Measurements beside other packages, in one run on one machine."""
