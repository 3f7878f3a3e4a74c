"""What is done in the field and in the audit workspace."""
