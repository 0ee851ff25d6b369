"""The datasets of Marketing Stream: a module's ``RENDERER`` makes the records.

A new dataset is a module here and a row in ``delivery.renderers``.
"""
