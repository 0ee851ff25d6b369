"""One module per fault kind: its name, points, settings, documentation line and effect.

A new kind is a module here with one subclass of ``Effect``, and its test. Schema, documentation,
fault plan and edge read the kinds from ``services.faults.registry``.
"""
