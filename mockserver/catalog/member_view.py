"""How stored entities look in another family's model: rows of member, source, conversion.

One store stands behind every family; a row says where one member of another model's record comes
from. Data only: ``adsmock.mockserver.services.unified`` holds what a conversion's name does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member of a record.

    ``to`` and ``source`` are dotted. ``by`` names the conversion: ``copy``, ``constant``
    (``value``), ``table`` (``value`` maps), ``pairs`` (a map to key/value rows), ``currency``,
    ``created``, ``updated``, ``asins``, and those that ``Face`` tells of.
    """

    to: str
    source: str = ""
    by: str = "copy"
    value: Any = None
