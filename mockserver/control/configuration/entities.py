"""Entities of a file: which profiles they are for, and whether the sandbox has them already."""

from __future__ import annotations

from collections import Counter
from typing import Any

from adsmock.mockserver.control.configuration.step import Conflict
from adsmock.mockserver.services.sandboxes.state_digest import digest_of

Document = dict[str, Any]

__all__ = ["digest_of", "with_profile_ids"]


def with_profile_ids(document: Document, profiles: list[dict[str, Any]]) -> Document:
    """Return a state with profile ids instead of country codes.

    Raises:
        Conflict: no profile, or several, have a country; two names are of one profile.
    """
    return {
        part: _renamed(rows, profiles) if part in {"profiles", "unified"} else rows
        for part, rows in document.items()
    }


def _renamed(rows: Document, profiles: list[dict[str, Any]]) -> Document:
    countries = Counter(profile["countryCode"] for profile in profiles)
    ids = {
        profile["countryCode"]: profile["profileId"]
        for profile in profiles
        if countries[profile["countryCode"]] == 1
    }
    known = {profile["profileId"] for profile in profiles}
    found: Document = {}
    for name, row in rows.items():
        profile_id = name if name in known else ids.get(name)
        if profile_id is None:
            raise Conflict(_unknown(name, countries[name], profiles))
        if profile_id in found:
            raise Conflict(f"the state names profile {profile_id} twice: join the two parts")
        found[profile_id] = row
    return found


def _unknown(name: str, count: int, profiles: list[dict[str, Any]]) -> str:
    listed = ", ".join(f"{each['profileId']} ({each['countryCode']})" for each in profiles)
    if count:
        return (
            f"the state names {name}, but {count} profiles have this country: use one of {listed}"
        )
    return f"the state names {name}, which is no profile of the sandbox: use one of {listed}"
