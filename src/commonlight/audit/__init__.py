"""The local safety audit: tables and analysis in, findings out."""
