"""The pages of the partnership, by subject."""
