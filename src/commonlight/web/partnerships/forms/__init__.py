"""The forms of the partnership, by subject."""
