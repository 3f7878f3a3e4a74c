"""Events on a street network: segments, distances along streets, density and near repeats."""
