"""Engagement: who is asked, how, and what became of what they said."""
