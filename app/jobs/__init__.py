"""Background work: the outbox table, enqueueing, leases, the sweep. Owns when, refuses to own what."""
