"""Forms of filters, gaps, local entries, stances, the city profile and passports."""
