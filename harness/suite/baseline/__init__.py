"""Baselines: known failures with a reason and an end date, never those that do real harm."""

from adsmock.harness.suite.baseline.listing import read
from adsmock.harness.suite.baseline.standing import settle
from adsmock.harness.suite.baseline.writing import template, undecided, update

__all__ = ["read", "settle", "template", "undecided", "update"]
