"""The pages of strategies and their assessments."""
