"""What only the H5 client has: links from SMS, and its own static files."""
