"""Rows that map members of stored entities to another family's model: member, source, conversion.

One store serves every family. ``services.unified`` implements the conversions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member of a record.

    ``to`` and ``source`` are dotted. ``by`` names the conversion: ``copy``, ``constant``
    (``value``), ``table`` (``value`` maps), ``pairs`` (a map to key/value rows), ``currency``,
    ``created``, ``updated``, ``asins``, and those of ``ResourceMapping``.
    """

    to: str
    source: str = ""
    by: str = "copy"
    value: Any = None
