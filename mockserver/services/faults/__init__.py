"""Faults: the rules of a fault plan as JSON, and what each kind of fault does.

``kinds`` has one module per kind; ``registry`` lists them. ``schema`` reads and shows rules.
"""
