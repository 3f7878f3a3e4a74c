"""A simulated city whose truth is known."""
