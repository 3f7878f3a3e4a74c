"""German, as it is written in Germany, Austria and Switzerland."""
