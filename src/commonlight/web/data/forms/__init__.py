"""Forms of the data app."""
