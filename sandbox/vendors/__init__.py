"""One vendor per module (two where the protocol and the business are both long)."""
