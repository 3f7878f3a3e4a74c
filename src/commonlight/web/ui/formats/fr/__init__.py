"""French: dates and numbers as they are written in France, Belgium and Switzerland."""
