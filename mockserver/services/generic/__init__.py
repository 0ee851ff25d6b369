"""Any other operation: what an OpenAPI document describes and no contract covers.

``document`` reads a file, ``schema`` makes JSON Schema of it, ``describe`` makes contracts of it,
``invent`` makes values, ``answer`` is the verb, ``coverage`` counts.
"""
