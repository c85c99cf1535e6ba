"""A plain Dash page as the documentation of Dash shows it, to compare with."""
