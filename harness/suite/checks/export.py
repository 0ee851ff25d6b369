"""Checks of asynchronous exports and their download addresses.

Source: exports guide, an address lives one hour and each status call brings a fresh one;
documented.
"""

from __future__ import annotations

from collections.abc import Sequence

from adsmock.harness.suite.checks.finding import (
    Finding,
    Row,
    broken,
    counted,
    holds,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.journal import CaseView, Entry

FORBIDDEN = 403
DOWNLOAD = "storage.get"


def dead_address_is_renewed(view: CaseView, dead_uses: int, family: str = "exports") -> Finding:
    """Hold when a 403 at the download led to the status call and a download from a new address.

    ``family`` names the operations that make the file and ask for its status.
    """
    downloads = view.of_operation(DOWNLOAD)
    dead = next((one for one in downloads if one.status == FORBIDDEN and one.fault_id), None)
    if dead is None:
        return unproven("no download met an expired address")
    uses = [one for one in downloads if one.chain == dead.chain]
    creates = [one for one in view.of_verb("create") if one.operation.startswith(f"{family}.")]
    asked = next((one for one in view.of_operation(f"{family}.get") if one.seq > dead.seq), None)
    fresh = _fresh(downloads, asked, dead)
    numbers = {"dead_uses": len(uses), family: len(creates), "most": dead_uses}
    evidence = [row(dead, "the address had expired")]
    found = _excess(uses, creates, dead, dead_uses) or _missing(asked, fresh)
    if found:
        sentence, more = found
        return broken(sentence, [*evidence, *more], **numbers)
    assert asked is not None
    assert fresh is not None
    return holds(
        f"after the 403 the status was asked again and the fresh address was used; "
        f"the dead one was used {counted(len(uses), 'time')}",
        [*evidence, row(asked, "status asked again"), row(fresh, "downloaded")],
        **numbers,
    )


Broken = tuple[str, Sequence[Row]] | None


def _fresh(downloads: tuple[Entry, ...], asked: Entry | None, dead: Entry) -> Entry | None:
    """Return the download from a new address that followed the status call."""
    if asked is None:
        return None
    return next(
        (
            one
            for one in downloads
            if one.seq > asked.seq and one.chain != dead.chain and one.is_success
        ),
        None,
    )


def _excess(uses: list[Entry], creates: list[Entry], dead: Entry, most: int) -> Broken:
    if len(uses) > most:
        return (
            f"the dead address was used {len(uses)} times; {most} are allowed",
            rows(uses[1:], "the dead address again"),
        )
    late = [one for one in creates if one.seq > dead.seq]
    if late:
        return (
            f"{counted(len(late), 'new job')} created although the first was still kept",
            rows(late, "a second job for one file"),
        )
    return None


def _missing(asked: Entry | None, fresh: Entry | None) -> Broken:
    if asked is None:
        return "the status was never asked again after the 403", ()
    if fresh is None:
        return "no download from a fresh address followed", [row(asked, "brought a fresh address")]
    return None


JUDGES = (dead_address_is_renewed,)
