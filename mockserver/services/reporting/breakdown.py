"""Split an ad group's day into the parts of a report: targets, ads, placements, products.

The parts of a split add up to the day, and a purchase follows its click, so that targets, ads and
purchased products report the same purchases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from adsmock.mockserver.catalog.reporting.event import (
    CATEGORIES,
    EXACT,
    FIXED,
    PROMPTLESS,
    PROMPTS,
    RANDOM_PARTS,
    TERMS,
)
from adsmock.mockserver.catalog.reporting.model import Part
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.services.reporting.eligible import Group, Line
from adsmock.mockserver.services.reporting.measures import has_flag
from adsmock.mockserver.services.reporting.traffic import (
    FLAGS,
    Cell,
    Day,
    Traits,
    clicks_of,
    deal,
    owner_of,
    weight,
    whole,
)

Words = dict[str, Any]
_OWN = FLAGS.index("own")
_NOTHING = Cell(0, 0, 0, 0)
_HALO = 3
"""Number of other products of the brand that are bought through an ad group (assumed)."""


@dataclass(frozen=True, slots=True)
class BreakdownInput:
    """The input of a split: an ad group's day; ``ordinal`` is the day."""

    seed: int
    group: Group
    own: Traits
    day: Day
    ordinal: int


class Piece(NamedTuple):
    """A part of a day: its key, the words of its subjects, its share of the traffic.

    ``chosen`` are the numbers of its purchases.
    """

    key: tuple[str, ...]
    words: dict[str, Words]
    cell: Cell
    chosen: list[int]


class _Share(NamedTuple):
    weight: int
    key: str
    words: dict[str, Words] | None
    is_clicked: bool = True


def split(scene: BreakdownInput, names: tuple[str, ...]) -> Iterator[Piece]:
    """Yield the parts of a day, split by each name in turn."""
    clicks = clicks_of(scene.day)
    pieces = [Piece((), {}, whole(scene.day), list(range(len(clicks))))]
    for name in names:
        if name in _BOUGHT:
            pieces = list(_bought(scene, clicks))
        else:
            pieces = [each for piece in pieces for each in _parts(scene, name, piece, clicks)]
    yield from pieces


def _parts(scene: BreakdownInput, name: str, piece: Piece, clicks: list[int]) -> Iterator[Piece]:
    shares = _shares(scene, name, piece)
    unclicked = [number for number, share in enumerate(shares) if not share.is_clicked]
    cells = deal(piece.cell, [share.weight for share in shares], unclicked)
    for share, cell in zip(shares, cells, strict=True):
        if share.words is not None and cell.last_impression > cell.first_impression:
            chosen = [
                each for each in piece.chosen if cell.first_click <= clicks[each] < cell.last_click
            ]
            yield Piece((*piece.key, share.key), _with(piece.words, share.words), cell, chosen)


def _with(known: dict[str, Words], more: dict[str, Words]) -> dict[str, Words]:
    line = {**known.get("line", {}), **more.get("line", {})}
    return {**known, **more, "line": line}


def _shares(scene: BreakdownInput, name: str, piece: Piece) -> list[_Share]:
    if name in FIXED:
        return [_fixed(part, str(number)) for number, part in enumerate(FIXED[name])]
    if name in RANDOM_PARTS:
        products = [_product(scene.seed, scene.group.id, each) for each in range(_HALO)]
        return [
            _Share(share, product, {"line": {"asin": product}})
            for share, product in zip(RANDOM_PARTS[name], products, strict=True)
        ]
    if name == "term":
        return _terms(scene.seed, piece.words["target"])
    if name == "prompt":
        return _prompts(scene.seed, piece.words["ad"])
    return [
        _Share(weight(scene.seed, line.id), line.id, {name: line.words})
        for line in _live(scene, name)
    ]


def _fixed(part: Part, key: str) -> _Share:
    return _Share(part.share, key, {"line": part.words} if part.words else None, part.is_clicked)


def _live(scene: BreakdownInput, name: str) -> list[Line]:
    lines = scene.group.ads if name == "ad" else scene.group.targets
    return [line for line in lines if line.is_live(scene.ordinal)]


def _terms(seed: int, target: Words) -> list[_Share]:
    """Return the searches or products that a target matched."""
    text = str(target.get("text", ""))
    if target.get("match") == EXACT:
        return [_Share(1, text, {"line": {"term": text}})]
    if target.get("match") in {"BROAD", "PHRASE", "THEME"}:
        terms = [(share, form.format(text)) for share, form in TERMS]
    else:
        terms = [
            (share, _product(seed, target["id"], number).lower())
            for number, (share, _) in enumerate(TERMS)
        ]
    return [_Share(share, term, {"line": {"term": term}}) for share, term in terms]


def _prompts(seed: int, ad: Words) -> list[_Share]:
    """Return the prompts shown with an ad, and the part without a prompt."""
    about = str(ad.get("asin") or ad.get("name") or "it")
    shares = [_Share(PROMPTLESS, "", None)]
    for number, (share, form) in enumerate(PROMPTS):
        found = seeded_random.uuid(seed, "prompt", ad["id"], number)
        line = {"extension": found, "extensionType": "PROMPTS", "prompt": form.format(about)}
        shares.append(_Share(share, found, {"line": line}))
    return shares


def _product(seed: int, *of: object) -> str:
    """Return the ASIN of a synthetic product."""
    return f"B0{seeded_random.letters(8, seed, 'product', *of)}"


_BOUGHT = {"purchase", "bought"}
"""Splits by purchased product: of an ad and a target, or of the whole ad group."""


def _bought(scene: BreakdownInput, clicks: list[int]) -> Iterator[Piece]:
    """Yield the purchases of a day by ad, target and purchased product."""
    sides = {}
    for name in ("ad", "target"):
        lines = _live(scene, name)
        sides[name] = (
            lines,
            deal(whole(scene.day), [weight(scene.seed, line.id) for line in lines]),
        )
    found: dict[tuple[str, ...], Piece] = {}
    for number, click in enumerate(clicks):
        met = {name: lines[owner_of(click, cells)] for name, (lines, cells) in sides.items()}
        words = {name: line.words for name, line in met.items()}
        is_own = has_flag(scene.day.phase, scene.own, number, _OWN)
        words["line"] = _purchase(scene, met["ad"], is_own, number)
        key = (met["ad"].id, met["target"].id, words["line"]["bought"])
        piece = found.setdefault(key, Piece(key, words, _NOTHING, []))
        piece.chosen.append(number)
    yield from found.values()


def _purchase(scene: BreakdownInput, ad: Line, is_own: bool, number: int) -> Words:
    asin = ad.words.get("asin") if is_own else None
    if asin is None:
        of = (ad.id, "own") if is_own else (scene.group.id, number % _HALO)
        asin = _product(scene.seed, *of)
    return {
        "bought": asin,
        "attribution": "Promoted" if is_own else "Brand Halo",
        "productName": f"Product {asin[-4:]}",
        "category": CATEGORIES[seeded_random.integer(len(CATEGORIES), scene.seed, asin)],
    }
