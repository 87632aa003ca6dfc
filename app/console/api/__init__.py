"""The employer's JSON API: the same use cases as the console's pages."""
