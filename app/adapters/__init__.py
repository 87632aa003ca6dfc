"""One file per vendor: the outside world spoken to over its real protocol."""
