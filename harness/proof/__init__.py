"""The proof of the suite: its clients, one matrix row per client, and many rows in parallel."""

from adsmock.harness.proof.clients import (
    REFERENCE,
    ProofClient,
    own_cases,
    proof_clients,
    with_sampled_cases,
)
from adsmock.harness.proof.combinations import Combinations, combined_client, random_combinations
from adsmock.harness.proof.matrix_row import MatrixRow, deviation, play
from adsmock.harness.proof.worker_pool import play_all

__all__ = [
    "REFERENCE",
    "Combinations",
    "MatrixRow",
    "ProofClient",
    "combined_client",
    "deviation",
    "own_cases",
    "play",
    "play_all",
    "proof_clients",
    "random_combinations",
    "with_sampled_cases",
]
