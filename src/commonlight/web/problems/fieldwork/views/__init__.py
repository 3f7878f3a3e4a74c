"""Pages of fieldwork and of the audit workspace."""
