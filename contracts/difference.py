"""The form of a named difference between a contract and Amazon's own document.

Knows what such a row says. Must not know how the two are compared.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where a contract leaves Amazon's own document, and why.

    ``where`` is a pointer as the comparison prints it, for example
    ``create/request/campaigns/[]/name#maxLength``; ``*`` matches one segment.
    """

    where: str
    why: str
    by: str
