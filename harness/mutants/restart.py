"""Mutants: state that must survive a restart."""

from __future__ import annotations

from dataclasses import replace

from adsmock.harness.client.api import Api
from adsmock.harness.client.clock import Clock
from adsmock.harness.client.extensions import Assembler, Extensions
from adsmock.harness.mutants.mutant import mutant


class _NoStoreAssembler(Assembler):
    def __init__(self, extensions: Extensions, api: Api, clock: Clock) -> None:
        super().__init__(replace(extensions, store=None), api, clock)


MUTANTS = (
    mutant(
        "forgetful", "keeps the ids of its reports in memory only", "R08.resumes", _NoStoreAssembler
    ),
)
