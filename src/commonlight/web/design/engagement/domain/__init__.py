"""Plan engagement, pass gates, record what people said and what became of it."""
