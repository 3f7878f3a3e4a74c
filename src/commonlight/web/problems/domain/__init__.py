"""What is done with problems."""
