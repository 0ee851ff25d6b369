"""Locust users and shapes that rehearse a peak event."""
