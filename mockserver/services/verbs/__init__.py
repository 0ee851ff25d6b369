"""Verbs that every resource shares: create, update, archive, list and get."""
