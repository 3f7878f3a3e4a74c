"""Fieldwork: sessions, observations, valued uses and the scope of an audit."""
