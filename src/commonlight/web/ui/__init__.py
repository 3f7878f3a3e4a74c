"""The design: templates, style, scripts, components, help and languages."""
