"""People of an organisation: departments, invitations to onboarding, what a worker fills in, its review, the roster.

Rows D1 and K of the catalogue.

Owns no contract and no real-name verification: who somebody is comes from `identity`.
"""
