"""Pages of the theory of a problem."""
