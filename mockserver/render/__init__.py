"""Bytes of replies: multi-status, pages, error dialects, export files."""
