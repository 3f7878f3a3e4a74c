"""The forms of a design."""
