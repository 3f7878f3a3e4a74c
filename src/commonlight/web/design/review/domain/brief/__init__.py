"""The design brief: composed from the record, frozen, approved by another person, and its files."""
