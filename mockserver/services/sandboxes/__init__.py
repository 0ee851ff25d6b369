"""Sandboxes: create, reset, import, snapshot; scenarios and time."""
