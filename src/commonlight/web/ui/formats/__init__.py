"""How dates are written, where the framework's own way does not fit."""
