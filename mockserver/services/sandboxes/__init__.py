"""Sandboxes: create, reset, import and snapshot them; names, demo data, scenarios and time."""
