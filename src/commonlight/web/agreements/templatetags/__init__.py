"""Words of agreements for templates."""
