"""Pages of the review and of the design brief."""
