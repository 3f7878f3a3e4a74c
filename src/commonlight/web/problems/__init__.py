"""Problems: the one record that walks through the seven pillars of the Roadmap."""
