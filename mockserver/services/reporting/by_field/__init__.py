"""Unified reports (v1): the rows follow from the fields of a request, over whole accounts."""
