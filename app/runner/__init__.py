"""The background runner: does promised jobs, at least once. Owns when they run; handlers belong to their packages."""
