"""What is done with strategies and their assessments."""
