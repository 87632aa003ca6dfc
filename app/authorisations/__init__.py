"""Authorisation letters (授权书): an absent legal representative lets an operator verify the organisation."""
