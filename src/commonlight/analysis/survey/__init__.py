"""Statistics of sample surveys: estimates, weights, small areas."""
