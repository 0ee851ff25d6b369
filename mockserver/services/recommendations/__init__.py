"""Recommendations: one engine that fills templates from questions, state and seeded stocks."""
