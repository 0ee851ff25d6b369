"""Rehearsals of a peak event: users that act like an integration, and what they run into.

Knows how integrations load the service and what counts as surviving. Must not know the insides
of the mock: everything here speaks HTTP, to the data plane as a client and to the control plane
as an operator.
"""
