"""Baselines: known failures with a reason and an end date, never those that do real harm."""

from adsmock.harness.suite.baseline.listing import read
from adsmock.harness.suite.baseline.standing import settle
from adsmock.harness.suite.baseline.writing import accepts_nothing, template, undecided, update

__all__ = ["accepts_nothing", "read", "settle", "template", "undecided", "update"]
