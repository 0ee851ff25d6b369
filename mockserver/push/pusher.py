"""The thread that sends the first messages of queues outside, and deletes what was accepted.

Each queue has one request under way at a time, so the order is that of the inbox, and a slow
receiver holds up its own queue only. The event loop is never waited for, and never waits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from adsmock.mockserver.core.error import StorageFull
from adsmock.mockserver.core.push import MOST_ATTEMPTS, UNDELIVERED, PushState
from adsmock.mockserver.core.queue import Message, Queue
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.push.channel import Channel, Parcel, Unavailable
from adsmock.mockserver.push.journaling import Attempt, note
from adsmock.mockserver.push.notification import files_of
from adsmock.mockserver.services.stream import queues
from adsmock.mockserver.services.stream.delivery import catch_up
from adsmock.mockserver.services.stream.subscription_table import Subscriptions

POLL_SECONDS = 0.1
"""Time between two looks at the queues, on the machine's clock."""
_WORKERS = 8

Key = tuple[str, str]
"""Sandbox id and ARN of a queue or delivery stream."""


class Pusher:
    """Sends what is in the queues of ``sandboxes`` through ``channels``, which are by target.

    ``submit`` runs a function in another thread; by default it has some of its own.
    """

    def __init__(
        self,
        sandboxes: Sandboxes,
        channels: Mapping[str, Channel],
        submit: Callable[..., object] | None = None,
    ) -> None:
        self._sandboxes = sandboxes
        self._channels = channels
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="adsmock-push", daemon=True)
        self._pool = ThreadPoolExecutor(_WORKERS, "adsmock-push")
        self._submit = submit or self._pool.submit
        self._busy: set[Key] = set()

    def start(self) -> None:
        """Begin to look at the queues."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the requests under way, and send no more."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()
        self._pool.shutdown()
        for channel in self._channels.values():
            channel.close()

    def look(self) -> None:
        """Look at every queue once, and begin to send what is due."""
        known: set[str] = set()
        for sandbox in self._sandboxes.all():
            known.add(sandbox.id)
            for arn, state in self._due(sandbox).items():
                self._busy.add((sandbox.id, arn))
                self._submit(self._drain, sandbox, arn, state)
        states = self._sandboxes.pushes.states
        for key in [key for key in states if key[0] not in known]:
            del states[key]

    def _run(self) -> None:
        while not self._stopped.wait(POLL_SECONDS):
            self.look()

    def _due(self, sandbox: Sandbox) -> dict[str, PushState]:
        """Return the state of each queue with a message that can be sent now."""
        pushes, due = self._sandboxes.pushes, dict[str, PushState]()
        with sandbox.lock:
            now = sandbox.clock.now()
            services = Subscriptions(sandbox, now).destinations()
            wanted = {arn: pushes.targets.of(service) for arn, service in services.items()}
            if not any(wanted.values()):
                return due
            catch_up(sandbox, self._sandboxes, now)
            for arn, target in wanted.items():
                if not target:
                    continue
                state = pushes.state(sandbox.id, arn, target)
                queue = sandbox.queues.get(arn)
                if queue is None or (sandbox.id, arn) in self._busy or not state.is_due(now):
                    continue
                queue.keep_all()
                if queue.first(1, now):
                    due[arn] = state
        return due

    def _drain(self, sandbox: Sandbox, arn: str, state: PushState) -> None:
        """Send the messages of a queue until none is left or a request fails."""
        try:
            while not self._stopped.is_set() and self._step(sandbox, arn, state):
                pass
        except StorageFull as full:
            state.fail(str(full), sandbox.clock.now())
        except Exception as error:  # noqa: BLE001 -- shown on the control plane; the others go on
            state.fail(f"{type(error).__name__}: {error}", sandbox.clock.now())
        finally:
            self._busy.discard((sandbox.id, arn))

    def _step(self, sandbox: Sandbox, arn: str, state: PushState) -> bool:
        """Send some messages; return whether more can be sent at once."""
        channel = self._channels[state.target]
        with sandbox.lock:
            queue, parcel = self._parcel(sandbox, arn, 1 if state.row else channel.size, state)
            if parcel is None:
                return False
            if sandbox.recorder is not None:  # the same messages have the same ids after a restart
                sandbox.recorder.record()
        began, number = self._sandboxes.source.monotonic(), state.row + 1
        refused: dict[str, str] = {}
        problem = ""
        try:
            refused = channel.send(parcel)
        except Unavailable as error:
            problem = str(error)
        with sandbox.lock:
            if sandbox.queues.get(arn) is not queue or queue is None:
                return False  # the sandbox was reset meanwhile
            attempt = Attempt(parcel, number, refused, problem, began)
            self._settle(sandbox, queue, state, attempt)
            note(sandbox, self._sandboxes, state, attempt)
            if sandbox.recorder is not None:
                sandbox.recorder.record()
        return not (refused or problem)

    def _parcel(
        self, sandbox: Sandbox, arn: str, size: int, state: PushState
    ) -> tuple[Queue | None, Parcel | None]:
        """Return a queue with its first messages, None if there are none."""
        queue = sandbox.queues.get(arn)
        if queue is None:
            return None, None
        messages = queue.first(size, sandbox.clock.now())
        if not messages:
            return queue, None
        files = files_of(sandbox, messages) if state.target == "s3" else ()
        return queue, Parcel(sandbox.id, arn, tuple(messages), files)

    def _settle(self, sandbox: Sandbox, queue: Queue, state: PushState, attempt: Attempt) -> None:
        """Delete what was accepted, count the rest, and set aside what was refused too often."""
        now, refused, messages = sandbox.clock.now(), attempt.refused, attempt.parcel.messages
        state.attempts += 1
        if attempt.problem:
            state.fail(attempt.problem, now)
            return
        for message in messages:
            if message.id not in refused:
                queue.delete(message.id)
                state.tried.pop(message.id, None)
                state.delivered += 1
        if not refused:
            state.succeed()
            return
        state.fail(next(iter(refused.values())), now)
        for message in messages:
            if message.id in refused:
                self._count_refusal(sandbox, queue, message, state)

    def _count_refusal(
        self, sandbox: Sandbox, queue: Queue, message: Message, state: PushState
    ) -> None:
        tried = state.tried[message.id] = state.tried.get(message.id, 0) + 1
        if tried < MOST_ATTEMPTS:
            return
        now = sandbox.clock.now()
        queue.delete(message.id)
        del state.tried[message.id]
        aside = queues.create_queue(sandbox, queue.arn + UNDELIVERED, now)
        aside.keep_all()
        aside.put(Message(message.id, message.body, message.sent), now)
        state.undelivered += 1
        state.succeed()
