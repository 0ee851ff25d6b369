"""The datasets of Marketing Stream: one module each, whose ``RENDERER`` makes its records.

A new dataset is a module here and a row in ``delivery.renderers``.
"""
