"""The frames of a log and of a checkpoint."""

from __future__ import annotations

from typing import Any, Final

import msgspec

VERSION: Final = 1
"""Version of the format; other versions are refused."""


class Start(msgspec.Struct, array_like=True, tag="start"):
    """The first frame of a file: the server's seed, and how many sandboxes were ever made.

    ``generations`` counts the deleted sandboxes of an id.
    """

    version: int
    seed: int
    made: int
    generations: dict[str, int]


class Birth(msgspec.Struct, array_like=True, tag="birth"):
    """A sandbox with everything that never changes; ``number`` names it in later frames."""

    number: int
    made: int
    sandbox: dict[str, Any]


class Death(msgspec.Struct, array_like=True, tag="death"):
    """A deleted sandbox."""

    number: int
    id: str


class Change(msgspec.Struct, array_like=True, tag="change"):
    """What one call changed in a sandbox, or a part of it if ``continues``.

    ``serial`` counts the changes of the sandbox. ``writes`` are rows of profile, resource, whether
    the changes are logged, and entities. ``parts`` are the other changed parts by name, ``seq`` and
    ``journal`` the last numbers of entities and journal entries.
    """

    number: int
    serial: int
    continues: bool
    seq: int
    journal: int
    writes: list[Any]
    parts: dict[str, Any]
    history: list[Any] = []
    """Rows of a change log: profile, resource, entity before, entity after."""


class End(msgspec.Struct, array_like=True, tag="end"):
    """The last frame of a complete checkpoint or of a log that was closed in good order."""

    is_checkpoint: bool


Frame = Start | Birth | Death | Change | End

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Frame)


def encode(frame: Frame) -> bytes:
    """Return the payload of a frame."""
    return _ENCODER.encode(frame)


def decode(payload: bytes) -> Frame:
    """Return the frame of a payload.

    Raises:
        msgspec.DecodeError: it is none.
    """
    frame: Frame = _DECODER.decode(payload)
    return frame
