"""Checks of a video against what each program takes.

Source: a saved reply of Amazon's Postman collection (observed: three programs, the texts and the
form of a failed check). Assumed: that other programs take every video.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd
from typing import Any

from adsmock.mockserver.services.assets.media_file import MediaFile, VideoFacts, video_facts

_DSP = "AMAZON_DSP"
_RATES = ("23.98", "24.0", "25.0", "29.97")
_SECONDS = ("15.0", "30.0")
_PORTRAIT = "9:16"
_ANY_VIDEO = (
    "SPONSORED_BRANDS_VIDEO",
    "STORES_VIDEO_TILE",
    "STORES_BACKGROUND_VIDEO_TILE",
    "SPONSORED_DISPLAY_VIDEO",
)


def failed_checks(file: MediaFile) -> list[dict[str, Any]]:
    """Return the programs that do not take a video, each with its failed checks."""
    facts = video_facts(file)
    checked = {
        (_DSP, "DEMAND_SIDE_PLATFORM_OLV"): [*_frame_rate(facts), *_sound(facts)],
        (_DSP, "DEMAND_SIDE_PLATFORM_OTT"): [
            *_frame_rate(facts),
            *_duration(facts),
            *_sound(facts),
        ],
        ("STORES", "STORES_INTRO_SPLASH"): [*_aspect_ratio(facts)],
    }
    return [
        {"Program": program, "specProgramName": name, "specifications": failed}
        for (program, name), failed in checked.items()
        if failed
    ]


def approved_programs(file: MediaFile) -> list[str]:
    """Return the programs that take a video."""
    failed = {row["specProgramName"] for row in failed_checks(file)}
    others = ("DEMAND_SIDE_PLATFORM_OLV", "DEMAND_SIDE_PLATFORM_OTT", "STORES_INTRO_SPLASH")
    return [*_ANY_VIDEO, *(name for name in others if name not in failed)]


def _frame_rate(facts: VideoFacts) -> Iterator[dict[str, Any]]:
    if str(facts.frame_rate) not in _RATES:
        text = f"Frame rate is not one of {', '.join(_RATES)}."
        yield _failed("al-spec-video-frame-rate", facts.frame_rate, _RATES, text)


def _duration(facts: VideoFacts) -> Iterator[dict[str, Any]]:
    if str(facts.seconds) not in _SECONDS:
        text = f"Duration is not one of {', '.join(_SECONDS)} seconds."
        yield _failed("al-spec-video-duration", facts.seconds, _SECONDS, text)


def _sound(facts: VideoFacts) -> Iterator[dict[str, Any]]:
    if facts.channels < 2:  # noqa: PLR2004 -- stereo
        text = "Total number of audio channels across all audio streams is less than 2."
        yield _failed("al-spec-min-audio-channel-count", facts.channels, ("2",), text)


def _aspect_ratio(facts: VideoFacts) -> Iterator[dict[str, Any]]:
    ratio = aspect_ratio(facts.width, facts.height)
    if ratio != _PORTRAIT:
        text = f"Aspect ratio is not {_PORTRAIT}."
        yield _failed("al-spec-video-aspect-ratio", ratio, (_PORTRAIT,), text)


def _failed(string_id: str, actual: object, wanted: tuple[str, ...], text: str) -> dict[str, Any]:
    return {
        "actualValue": str(actual),
        "arguments": [*wanted],
        "failureReason": text,
        "isPassed": False,
        "stringId": string_id,
    }


def aspect_ratio(width: int, height: int) -> str | None:
    """Return a ratio in its lowest terms, such as ``16:9``; None without a size."""
    divisor = gcd(width, height)
    return f"{width // divisor}:{height // divisor}" if divisor else None
