"""Use cases of authorisation letters, split by who acts."""
