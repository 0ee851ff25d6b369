"""Write batches so that each item is created, updated or archived once.

Source: WAF, fundamental component, multi-status and retries; developer notes, batches are not
atomic (documented).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .api import Api, Contract
from .bid_check import BidCheck
from .call import Call
from .errors import AdsError, Misuse, UnknownOutcome
from .last_seen import LastSeen
from .multistatus import ItemError, Outcome, partition
from .natural_key import ReadBack
from .retry.chain import Chain
from .sender import Sender

DONE_BEFORE = {"create": "duplicateValueError", "archive": "entityStateError"}
"""The item error that shows that an earlier write of the item was done."""


@dataclass(slots=True)
class Batch:
    """The progress of one batch: items that are settled, open, or possibly done without a reply."""

    contract: Contract
    call: Call
    items: Sequence[Any]
    chain: Chain
    settled: dict[int, Outcome] = field(default_factory=dict)
    last: dict[int, Outcome] = field(default_factory=dict)
    uncertain: set[int] = field(default_factory=set)
    sent: set[int] = field(default_factory=set)

    @property
    def verb(self) -> str:
        """The verb of the operation: create, update or archive."""
        return self.call.operation.verb

    @property
    def open(self) -> list[int]:
        """The places that are not settled, in order."""
        return [place for place in range(len(self.items)) if place not in self.settled]


class Writer:
    """Sends batches, repeats failed items, and reads back what may have been done."""

    def __init__(
        self,
        api: Api,
        sender: Sender,
        readback: ReadBack,
        last_seen: LastSeen,
        bid_check: BidCheck,
    ) -> None:
        self._api = api
        self._sender = sender
        self._readback = readback
        self._last_seen = last_seen
        self._bid_check = bid_check

    def write(self, verb: str, resource: str, profile: str, items: Sequence[Any]) -> list[Outcome]:
        """Return one outcome per item, in order; ``items`` of an archive are ids.

        Raises:
            AdsError: an error came before any item had an outcome. A later error is reported in
                the outcomes of the items that it left open, so that no result is lost.
        """
        outcomes: list[Outcome] = []
        error: AdsError | None = None
        for batch in self._batches(verb, resource, profile, items):
            self._settle_unsent(batch)
            error = error or self._run(batch)
            if error is not None and not batch.settled and not outcomes:
                raise error
            outcomes += _renumber(_finish(batch, error), start=len(outcomes))
        return outcomes

    def _settle_unsent(self, batch: Batch) -> None:
        """Settle items that must not be sent: unchanged, or with a bid that would be refused."""
        assert batch.call.profile is not None, "writes are made for a profile"
        for place, item in enumerate(batch.items):
            bid_error = self._bid_check.bid_error(batch.call.profile, item)
            if bid_error is not None:
                batch.settled[place] = Outcome(place, errors=(bid_error,))
        if batch.verb == "update":
            self._drop_unchanged(batch, batch.call.profile)

    def _drop_unchanged(self, batch: Batch, profile: str) -> None:
        """Reduce each item to its changed members; an unchanged item is done."""
        identity = batch.contract.identity
        assert identity is not None, "what can be updated has an id"
        name, field_name = batch.contract.name, identity.field
        items = [self._last_seen.changes(name, profile, field_name, item) for item in batch.items]
        for place in batch.open:
            entity_id = str(items[place].get(field_name))
            if set(items[place]) == {field_name} < set(batch.items[place]):
                batch.settled[place] = Outcome(place, id=entity_id)
            self._last_seen.forget(name, profile, entity_id)
        batch.items = items

    def _run(self, batch: Batch) -> AdsError | None:
        """Send until nothing is open; return the error that ended it early, if any."""
        places = batch.open
        try:
            while places:
                places = self._round(batch, places)
        except AdsError as error:
            return error
        return None

    def _round(self, batch: Batch, places: list[int]) -> list[int]:
        """Send the items at ``places`` once; return the places to send in the next round."""
        try:
            outcomes = self._submit(batch, places)
        except UnknownOutcome:
            if not self._readback.knows(batch.contract.name):
                raise  # a repeated create could not be detected
            batch.sent.update(places)
            batch.uncertain.update(places)
            batch.chain.wait(batch.chain.last)
            return self.recover(batch)
        self._settle(batch, outcomes)
        again = self.to_resend(batch, places)
        if again:
            batch.chain.wait()
        return self.recover(batch) if batch.uncertain.intersection(again) else again

    def _submit(self, batch: Batch, places: list[int]) -> list[Outcome]:
        """Return the outcomes of one submission, each under its place in the batch."""
        body = _body(batch, [batch.items[place] for place in places])
        reply = self._sender.send(replace(batch.call, body=body), batch.chain)
        rows = self.read(reply.json, batch.contract, len(places))
        return [replace(row, index=place) for row, place in zip(rows, places, strict=True)]

    def read(self, document: Any, contract: Contract, count: int) -> list[Outcome]:
        """Return the outcome of each of ``count`` items of a 207, in the order of the items."""
        return partition(document, contract, count)

    def _settle(self, batch: Batch, outcomes: list[Outcome]) -> None:
        """Settle the items that are done or finally failed; the others stay open."""
        existing: list[int] = []
        for outcome in outcomes:
            place = outcome.index
            batch.last[place] = outcome
            if self.is_done_before(batch, outcome):
                existing.append(place)
            elif not self.is_retryable(batch, outcome) or self._is_unverifiable(batch, outcome):
                batch.settled.setdefault(place, outcome)
            elif outcome.is_uncertain and batch.verb == "create":
                batch.uncertain.add(place)
            batch.sent.add(place)
        self._settle_existing(batch, [place for place in existing if place not in batch.settled])

    def _is_unverifiable(self, batch: Batch, outcome: Outcome) -> bool:
        """Return whether an item may have been created and cannot be read back."""
        is_created = batch.verb == "create" and outcome.is_uncertain
        return is_created and not self._readback.knows(batch.contract.name)

    def to_resend(self, batch: Batch, places: list[int]) -> list[int]:
        """Return the places to send again after a submission of ``places``: the open ones."""
        return [place for place in places if place not in batch.settled]

    def is_retryable(self, batch: Batch, outcome: Outcome) -> bool:  # noqa: ARG002 -- for subclasses
        """Return whether to send an item again."""
        return outcome.is_retryable

    def is_done_before(self, batch: Batch, outcome: Outcome) -> bool:
        """Return whether an error shows that an earlier submission of this item was done."""
        kind = DONE_BEFORE.get(batch.verb, "")
        was_sent = outcome.index in batch.sent or batch.chain.answer_lost
        return was_sent and outcome.has_error(kind)

    def recover(self, batch: Batch) -> list[int]:
        """Settle the uncertain items that exist now; return the places left to send."""
        batch.settled.update(self._find(batch, sorted(batch.uncertain)))
        batch.uncertain.clear()
        return batch.open

    def _settle_existing(self, batch: Batch, places: list[int]) -> None:
        """Settle items as done, and try to add the ids of created ones."""
        for place in places:
            batch.settled[place] = Outcome(place)
            if batch.verb == "archive":
                batch.settled[place] = Outcome(place, id=str(batch.items[place]))
        if batch.verb == "create":
            batch.settled.update(self._find(batch, places))

    def _find(self, batch: Batch, places: list[int]) -> dict[int, Outcome]:
        if not places:
            return {}
        assert batch.call.profile is not None, "writes are made for a profile"
        items = {place: batch.items[place] for place in places}
        return self._readback.find(batch.contract.name, batch.call.profile, items)

    def _batches(
        self, verb: str, resource: str, profile: str, items: Sequence[Any]
    ) -> Iterator[Batch]:
        """Split the items at the documented batch maximum."""
        contract = self._api.contract(resource)
        operation = self._api.operation(f"{resource}.{verb}")
        width = contract.batch_maximum or (1 if verb == "create" else None)
        if width is None:
            raise Misuse(f"{resource} has no batch writes: use call")
        region = self._sender.router.region_of(profile)
        if operation.path_parameters:
            width = 1  # the path names one entity per call
        for start in range(0, len(items), width):
            path = {name: str(items[start]) for name in operation.path_parameters}
            call = Call(operation, region, profile, path=path)
            chain = self._sender.open(call)
            yield Batch(contract, call, items[start : start + width], chain)


def _body(batch: Batch, items: list[Any]) -> dict[str, Any] | list[Any] | None:
    contract = batch.contract
    if batch.call.path:
        return None
    if batch.verb == "archive":
        assert contract.identity is not None, "what can be archived has an id"
        selector = contract.identity.selector
        is_plain = any(row.name == selector and row.kind == "values" for row in contract.filters)
        return {selector: items if is_plain else {"include": items}}
    if contract.batch_maximum is None:
        (item,) = items  # one item per call
        return dict(item)
    return {contract.envelope: items} if contract.envelope else items


def _finish(batch: Batch, error: AdsError | None) -> list[Outcome]:
    """Return an outcome for every item; those that the error left open get the error."""
    rest = ItemError(type(error).__name__, message=str(error))
    return [
        batch.settled.get(place) or batch.last.get(place) or Outcome(place, errors=(rest,))
        for place in range(len(batch.items))
    ]


def _renumber(outcomes: list[Outcome], start: int) -> list[Outcome]:
    return [replace(outcome, index=start + place) for place, outcome in enumerate(outcomes)]
