"""Validation of bodies and items.

``request_body`` checks whole requests, ``normalize`` and ``coerce`` read what clients send. Each
other module builds checks of one item from rows of a contract or catalog entry; ``compile``
collects them in the order that ``order`` gives.
"""
