"""The proof of the suite: who is played, what each row comes to, and many rows at once."""

from adsmock.harness.proof.crew import play_all
from adsmock.harness.proof.roster import REFERENCE, Player, roster
from adsmock.harness.proof.row import Row, deviation, play

__all__ = ["REFERENCE", "Player", "Row", "deviation", "play", "play_all", "roster"]
