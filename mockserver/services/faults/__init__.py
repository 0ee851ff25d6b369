"""Faults: the fault plan as JSON, and what each planned fault does."""
