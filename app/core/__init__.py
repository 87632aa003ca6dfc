"""What every package stands on: database, errors, actor, clock, ids, crypto. No business word here."""
