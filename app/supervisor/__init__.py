"""`python -m app.supervisor`: the whole product on one machine, for development, demonstration and tests.

Owns: the processes web, runner and sandbox, their environment, their logs, their end. Refuses to own: anything
of the product itself; it imports none of it. In production systemd or a container runtime has this part (`deploy/`).
"""
