"""What a survey says: who answered, what they feel, and where."""
