"""The event log: append-only and chained. Use ``from commonlight.web.eventlog.record``."""
