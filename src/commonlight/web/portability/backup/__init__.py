"""Backup of a whole installation while people work, and restore into an empty one."""
