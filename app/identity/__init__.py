"""Real persons: consents, real-name verification, face checks. Refuses to own logins."""
