"""Forms of audits, findings and releases."""
