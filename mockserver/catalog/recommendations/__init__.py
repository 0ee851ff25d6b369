"""Recommendations: a template for each operation, and word lists."""
