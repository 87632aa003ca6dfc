"""Vendors call us. What they say is a hint: whatever matters is asked of the vendor by the server."""
