"""Pages of audits, findings, releases, and what everybody may read."""
