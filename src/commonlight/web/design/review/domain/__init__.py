"""Tension cards, checks, guards, impact questions, and the design brief."""
