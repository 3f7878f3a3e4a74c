"""How long things are kept, what would go, and its removal."""
