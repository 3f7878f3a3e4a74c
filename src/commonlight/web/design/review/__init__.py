"""Review: tensions, principles and guards of a design, and its brief."""
