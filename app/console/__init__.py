"""The employer console: pages for people, JSON for machines, over the same use cases.

Owns the operator's cookie session, the wire and the pages. Refuses to own any rule about contracts, seals or
organisations; and it never has, nor could show, a worker's link or code (T-06).
"""
