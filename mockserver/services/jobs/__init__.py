"""Asynchronous jobs: what exports and reports share."""
