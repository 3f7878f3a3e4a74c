"""Statistics for places and times: arrays in, frozen results out."""
