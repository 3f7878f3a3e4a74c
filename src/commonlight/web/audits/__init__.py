"""Local safety audits and their findings."""
