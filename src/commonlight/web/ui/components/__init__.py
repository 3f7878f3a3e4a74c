"""The parts that pages are made of; `templatetags/ui.py` makes them tags."""
