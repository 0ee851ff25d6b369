"""Budgets: the rules that raise them, and how much of them is used."""
