"""The drivers of a client: the reference, one of its variants, or any program."""

from adsmock.harness.suite.drivers.adapter import AdapterDriver
from adsmock.harness.suite.drivers.command import CommandDriver
from adsmock.harness.suite.drivers.driver import Driver
from adsmock.harness.suite.drivers.library import (
    LibraryDriver,
    benign,
    mutant,
    reference,
    template_of,
)

__all__ = [
    "AdapterDriver",
    "CommandDriver",
    "Driver",
    "LibraryDriver",
    "benign",
    "mutant",
    "reference",
    "template_of",
]
