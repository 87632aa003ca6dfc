"""Commands for operators and developers. Each is one use case with readable output."""
