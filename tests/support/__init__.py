"""What tests stand on: real servers on private sockets, a clean database, processes, a browser."""
