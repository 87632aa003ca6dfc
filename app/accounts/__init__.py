"""Worker and operator accounts, login by code, sessions, links. Refuses to own real identities."""
