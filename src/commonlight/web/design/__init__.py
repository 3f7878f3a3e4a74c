"""Design: workshops, ideas, concepts, engagement, and the brief that another city could read."""
