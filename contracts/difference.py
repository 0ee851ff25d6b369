"""A named difference between a contract and Amazon's own document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where a contract differs from Amazon's own document, and why.

    ``where`` is a pointer as the comparison prints it, for example
    ``create/request/campaigns/[]/name#maxLength``; ``*`` matches one segment.
    """

    where: str
    why: str
    by: str
