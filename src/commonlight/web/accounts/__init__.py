"""Accounts: people, how they sign in, and where they are signed in."""
