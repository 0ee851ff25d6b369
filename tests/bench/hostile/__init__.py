"""Hostile and heavy requests, and what a bystander waits meanwhile."""
