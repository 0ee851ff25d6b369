"""Facts of an uploaded file: its size and type, and what a picture or a video contains.

Pictures are measured. Videos are not decoded: their facts depend on their bytes alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from adsmock.mockserver.core import seeded_random

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG whose segments begin with precision, height and width."""
_RATES = (23.98, 25.0, 29.97, 30.0)
_SECONDS = (6.0, 9.97, 15.0, 20.0, 30.0, 45.0)
_CHANNELS = (0, 2, 2, 2)
_FORMATS = ((1920, 1080), (1920, 1080), (1080, 1920), (1080, 1080))


@dataclass(frozen=True, slots=True)
class MediaFile:
    """Facts of a file; ``width`` and ``height`` are 0 where the file is neither PNG nor JPEG.

    ``digest`` identifies the bytes.
    """

    name: str
    content_type: str
    size: int
    digest: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What decoding a video would show. ``seconds`` is its duration."""

    width: int
    height: int
    seconds: float
    frame_rate: float
    channels: int


def describe(content: bytes, content_type: str, name: str) -> MediaFile:
    """Return the facts of a file that was uploaded as ``name``."""
    width, height = _measured(content)
    digest = blake2b(content, digest_size=16).hexdigest()
    return MediaFile(name, content_type, len(content), digest, width, height)


def video_facts(file: MediaFile) -> VideoFacts:
    """Return the facts of a video; the same bytes always have the same."""
    width, height = _FORMATS[_choice(file, len(_FORMATS), "format")]
    return VideoFacts(
        width,
        height,
        _SECONDS[_choice(file, len(_SECONDS), "duration")],
        _RATES[_choice(file, len(_RATES), "rate")],
        _CHANNELS[_choice(file, len(_CHANNELS), "sound")],
    )


def _choice(file: MediaFile, below: int, use: str) -> int:
    return seeded_random.integer(below, file.digest, use)


def _measured(content: bytes) -> tuple[int, int]:
    """Return width and height of a PNG or JPEG, (0, 0) of anything else."""
    if content.startswith(_PNG):
        return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    if not content.startswith(_JPEG):
        return 0, 0
    place = 2
    while place + 9 <= len(content) and content[place] == _JPEG[0]:
        if content[place + 1] in _FRAMES:
            height, width = content[place + 5 : place + 7], content[place + 7 : place + 9]
            return int.from_bytes(width), int.from_bytes(height)
        place += 2 + int.from_bytes(content[place + 2 : place + 4])
    return 0, 0
