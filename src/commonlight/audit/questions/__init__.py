"""The questions an audit asks, one module each; every module turns results into findings."""
