"""People of an organisation: invitations to onboarding, what a worker fills in, its review, the roster (K).

Owns no contract and no real-name verification: who somebody is comes from `identity`.
"""
