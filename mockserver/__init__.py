"""A stateful double of the Amazon Ads API."""

VERSION = "0.1.0"
"""The distribution's version; a test holds it equal to pyproject.toml."""
