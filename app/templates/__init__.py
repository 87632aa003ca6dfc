"""Documents on their way in: checked, normalised, rendered as pictures and text."""
