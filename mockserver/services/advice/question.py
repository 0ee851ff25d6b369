"""One question: what is known of it, and the draws and blanks of a row of its answer.

Knows blanks, seeds and the marketplace's bounds. Must not know any operation by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import orjson

from adsmock.contracts.loader import load
from adsmock.contracts.record import Limits
from adsmock.mockserver.catalog.advice.form import Advice
from adsmock.mockserver.catalog.advice.stock import ELSEWHERE
from adsmock.mockserver.core import draw
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.sandbox import Principal, Profile
from adsmock.mockserver.services.scene import Scene
from adsmock.mockserver.services.work import Work

Blanks = dict[str, Any]
NOTHING: Final = object()
"""What a blank holds that nobody filled."""

_REFUSED = ((404, "notFound"), (422, "unprocessable"), (400, "invalid"))


@dataclass(slots=True)
class Question:
    """What is asked, or one row of its answer.

    ``seed`` is what numbers hang on, ``top`` what those of the whole question do. ``lands`` are
    the profiles of an account that is asked about in several countries.
    """

    work: Work
    scene: Scene
    advice: Advice
    blanks: Blanks
    seed: tuple[object, ...]
    limit: str = ""
    count: int = 0
    page: list[Blanks] = field(default_factory=list)
    top: tuple[object, ...] = ()
    lands: tuple[Profile, ...] = ()
    _drawn: dict[str, float] = field(default_factory=dict)

    def find(self, name: str) -> Any:
        """Return what stands in a blank, ``NOTHING`` where nothing does.

        Dots lead into objects and, with a number, into arrays.
        """
        value: Any = self.blanks
        for part in name.split("."):
            if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
                value = value[int(part)]
            elif isinstance(value, Mapping) and part in value:
                value = value[part]
            else:
                return NOTHING
        return NOTHING if value is None else value

    def row(self, key: str, blanks: Blanks, index: int) -> Question:
        """Return the question for row number ``index``, whose numbers hang on ``key`` too."""
        numbered = {"index": index, "rank": index + 1}
        return Question(
            self.work,
            self.scene,
            self.advice,
            self.blanks | numbered | blanks,
            (*self.seed, key),
            self.limit,
            self.count,
            self.page,
            self.top or self.seed,
            self.lands,
        )

    def at(self, profile: Profile) -> Question:
        """Return the question as it is asked for another profile of the account."""
        work = asked_for(self.work, profile)
        return replace(
            self,
            work=work,
            scene=Scene(work.sandbox, profile, work.now),
            blanks=self.blanks | {"land": profile.country},
            seed=(profile.country, *self.seed),
            lands=(),
            _drawn={},
        )

    def unit(self, of: str) -> float:
        """Return the number in [0, 1) that is drawn for ``of``; the same for the same row.

        What begins with a slash is drawn for the whole question.
        """
        found = self._drawn.get(of)
        if found is None:
            seed = self.top if self.top and of.startswith("/") else self.seed
            found = self._drawn[of] = draw.unit(*seed, of)
        return found

    @property
    def today(self) -> date:
        """The present day of the profile."""
        return date.fromisoformat(self.scene.today)

    @property
    def home(self) -> tuple[object, ...]:
        """What hangs on the profile alone is drawn for this."""
        return (self.work.sandbox.seed, "advice", self.work.profile.id)

    def bounds(self, name: str) -> tuple[str, Limits]:
        """Return a limit of the marketplace and its name; another one where it has none."""
        limits = load().marketplaces[self.scene.profile.country].limits
        while name not in limits:
            name = ELSEWHERE[name]
        return name, limits[name]

    def refused(self, message: str) -> ApiError:
        """Return the refusal of a question about something that is not there."""
        return refused(self.work, message)


def refused(work: Work, message: str) -> ApiError:
    """Return the refusal with the first of 404, 422 and 400 that the document declares."""
    declared = work.operation.statuses
    status, kind = next((row for row in _REFUSED if row[0] in declared), _REFUSED[-1])
    return ApiError(kind, status, message=message)


def asked_for(work: Work, profile: Profile) -> Work:
    """Return the work as if its scope named ``profile``."""
    return replace(work, principal=Principal(work.principal.client_id, profile))


def text_of(value: Any) -> str:
    """Return a text that is equal for equal values."""
    if isinstance(value, str):
        return value
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
