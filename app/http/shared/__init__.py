"""What workers and operators do alike, promised on the wire once. `add_…` puts routes into a channel's blueprint."""
