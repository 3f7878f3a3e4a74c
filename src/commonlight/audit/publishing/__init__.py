"""The public version of an audit: what may leave the house, decided in one place."""
