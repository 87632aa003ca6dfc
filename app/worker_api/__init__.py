"""What a worker can do, for H5 and both mini-programs alike. Thin: parse, call one use case, dump."""
