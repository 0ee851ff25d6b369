"""The proof of the suite: who is played, what each row comes to, and many rows at once."""

from adsmock.harness.proof.clients import REFERENCE, Player, roster
from adsmock.harness.proof.matrix_row import MatrixRow, deviation, play
from adsmock.harness.proof.worker_pool import play_all

__all__ = ["REFERENCE", "MatrixRow", "Player", "deviation", "play", "play_all", "roster"]
