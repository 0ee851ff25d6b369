"""Rehearsals of a peak event with users that work like an integration.

Everything here uses HTTP: the data plane as a client, the control plane as an operator.
"""
