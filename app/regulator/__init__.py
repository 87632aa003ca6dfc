"""The regulator's desk: reviews of people whom no register knows (B4).

Owns the regulator's cookie session and its pages. Refuses to own any rule about who a person is.
"""
