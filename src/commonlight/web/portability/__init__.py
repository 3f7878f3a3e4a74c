"""Export, import, backup and catalogue."""
