"""The append-only, hash-chained log of what happened. Owns the chain; never changes a row."""
