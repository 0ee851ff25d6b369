"""One question: its request, placeholders, seed and the limits of its marketplace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import orjson

from adsmock.contracts.contract_set import Limits, Marketplace
from adsmock.contracts.loader import load
from adsmock.mockserver.catalog.recommendations.candidate_words import SUBSTITUTES
from adsmock.mockserver.catalog.recommendations.model import Recommendation
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.sandbox import Principal, Profile
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.validation_context import ValidationContext

Placeholders = dict[str, Any]
NOTHING: Final = object()
"""The value of a placeholder without a value."""

_REFUSED = ((404, "notFound"), (422, "unprocessable"), (400, "invalid"))


@dataclass(slots=True)
class Question:
    """A request for recommendations, or one row of its reply.

    ``seed`` determines the numbers of a row, ``top`` those of the whole question.
    ``profiles_asked`` are the profiles of an account, for a question about several countries.
    """

    context: RequestContext
    validation: ValidationContext
    advice: Recommendation
    placeholders: Placeholders
    seed: tuple[object, ...]
    limit: str = ""
    count: int = 0
    page: list[Placeholders] = field(default_factory=list)
    top: tuple[object, ...] = ()
    profiles_asked: tuple[Profile, ...] = ()
    _drawn: dict[str, float] = field(default_factory=dict)

    def find(self, name: str) -> Any:
        """Return the value of a placeholder, ``NOTHING`` without one.

        Dots lead into objects and, with an index, into arrays.
        """
        value: Any = self.placeholders
        for part in name.split("."):
            if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
                value = value[int(part)]
            elif isinstance(value, Mapping) and part in value:
                value = value[part]
            else:
                return NOTHING
        return NOTHING if value is None else value

    def row(self, key: str, placeholders: Placeholders, index: int) -> Question:
        """Return the question of the row ``index``; ``key`` becomes a part of its seed."""
        numbered = {"index": index, "rank": index + 1}
        return Question(
            self.context,
            self.validation,
            self.advice,
            self.placeholders | numbered | placeholders,
            (*self.seed, key),
            self.limit,
            self.count,
            self.page,
            self.top or self.seed,
            self.profiles_asked,
        )

    def at(self, profile: Profile) -> Question:
        """Return the same question for another profile of the account."""
        context = context_for(self.context, profile)
        return replace(
            self,
            context=context,
            validation=ValidationContext(context.sandbox, profile, context.now),
            placeholders=self.placeholders | {"land": profile.country},
            seed=(profile.country, *self.seed),
            profiles_asked=(),
            _drawn={},
        )

    def unit(self, of: str) -> float:
        """Return the seeded number in [0, 1) named ``of``, which is the same for the same row.

        A name that begins with a slash has one number for the whole question.
        """
        found = self._drawn.get(of)
        if found is None:
            seed = self.top if self.top and of.startswith("/") else self.seed
            found = self._drawn[of] = seeded_random.unit(*seed, of)
        return found

    @property
    def today(self) -> date:
        """The current day in the profile's time zone."""
        return date.fromisoformat(self.validation.today)

    @property
    def marketplace(self) -> Marketplace:
        """The profile's marketplace: its limits and its currency."""
        return load().marketplaces[self.validation.profile.country]

    @property
    def profile_seed(self) -> tuple[object, ...]:
        """The seed of what depends on the profile alone."""
        return (self.context.sandbox.seed, "advice", self.context.profile.id)

    def bounds(self, name: str) -> tuple[str, Limits]:
        """Return a limit of the marketplace with its name; a substitute if it has none."""
        limits = self.marketplace.limits
        while name not in limits:
            name = SUBSTITUTES[name]
        return name, limits[name]

    def refused(self, message: str) -> ApiError:
        """Return the error for an unknown entity in the question."""
        return refused(self.context, message)


def refused(context: RequestContext, message: str) -> ApiError:
    """Return an error with the first of 404, 422 and 400 that the document declares."""
    declared = context.operation.statuses
    status, kind = next((row for row in _REFUSED if row[0] in declared), _REFUSED[-1])
    return ApiError(kind, status, message=message)


def context_for(context: RequestContext, profile: Profile) -> RequestContext:
    """Return the context with ``profile`` as its scope."""
    return replace(context, principal=Principal(context.principal.client_id, profile))


def text_of(value: Any) -> str:
    """Return a string that is equal for equal values."""
    if isinstance(value, str):
        return value
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
