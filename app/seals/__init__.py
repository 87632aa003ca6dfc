"""Organisation seals and personal signatures as drawings. Refuses to own keys and certificates."""
