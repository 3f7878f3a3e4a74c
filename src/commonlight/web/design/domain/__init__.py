"""What is done in the design of a problem."""
