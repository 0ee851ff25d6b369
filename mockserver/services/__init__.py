"""Verbs: create, update, archive, query, job, token, account. No HTTP statuses."""
