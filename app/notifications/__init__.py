"""Short messages and the message centre. Owns telling people; refuses to decide whom to tell."""
