"""What people do with contracts, one file per part of its life."""
