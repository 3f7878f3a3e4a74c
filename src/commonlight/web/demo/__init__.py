"""The demo city, its people and guided tours."""
