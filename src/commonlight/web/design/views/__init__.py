"""The pages of a design."""
