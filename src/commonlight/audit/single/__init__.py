"""One method on one table, for the command line and for scripts."""
