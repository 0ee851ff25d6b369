"""One question: what is known of it, and the draws and blanks of a row of its answer.

Knows blanks, seeds and the marketplace's bounds. Must not know any operation by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import orjson

from adsmock.contracts.contract_set import Limits
from adsmock.contracts.loader import load
from adsmock.mockserver.catalog.recommendations.candidate_words import ELSEWHERE
from adsmock.mockserver.catalog.recommendations.model import Advice
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.sandbox import Principal, Profile
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.validation_context import ValidationContext

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

    context: RequestContext
    scene: ValidationContext
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
            self.context,
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
        context = asked_for(self.context, profile)
        return replace(
            self,
            context=context,
            scene=ValidationContext(context.sandbox, profile, context.now),
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
            found = self._drawn[of] = seeded_random.unit(*seed, of)
        return found

    @property
    def today(self) -> date:
        """The present day of the profile."""
        return date.fromisoformat(self.scene.today)

    @property
    def home(self) -> tuple[object, ...]:
        """What hangs on the profile alone is drawn for this."""
        return (self.context.sandbox.seed, "advice", self.context.profile.id)

    def bounds(self, name: str) -> tuple[str, Limits]:
        """Return a limit of the marketplace and its name; another one where it has none."""
        limits = load().marketplaces[self.scene.profile.country].limits
        while name not in limits:
            name = ELSEWHERE[name]
        return name, limits[name]

    def refused(self, message: str) -> ApiError:
        """Return the refusal of a question about something that is not there."""
        return refused(self.context, message)


def refused(context: RequestContext, message: str) -> ApiError:
    """Return the refusal with the first of 404, 422 and 400 that the document declares."""
    declared = context.operation.statuses
    status, kind = next((row for row in _REFUSED if row[0] in declared), _REFUSED[-1])
    return ApiError(kind, status, message=message)


def asked_for(context: RequestContext, profile: Profile) -> RequestContext:
    """Return the work as if its scope named ``profile``."""
    return replace(context, principal=Principal(context.principal.client_id, profile))


def text_of(value: Any) -> str:
    """Return a text that is equal for equal values."""
    if isinstance(value, str):
        return value
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
