"""Help where it is needed: terms, methods, and what the workbench does with data."""
