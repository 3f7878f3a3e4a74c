"""What happens to data sets: they come in, are looked after, compared, taken out, thrown away."""
