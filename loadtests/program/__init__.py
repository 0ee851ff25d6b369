"""The partner's own program under the event: its copies, the tasks they get, and what they reply.

``adapter`` copies speak the adapter protocol, ``command`` copies are started once for each task.
An observed program brings its own work and gets no task.
"""

from adsmock.loadtests.program.copies import CopyDied, CopyPool, Reply
from adsmock.loadtests.program.observed import observe
from adsmock.loadtests.program.start import pool_for
from adsmock.loadtests.program.worker import ProgramWorker

__all__ = [
    "CopyDied",
    "CopyPool",
    "ProgramWorker",
    "Reply",
    "observe",
    "pool_for",
]
