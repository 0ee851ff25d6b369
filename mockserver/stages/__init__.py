"""One question each about a call; stages do not know each other."""
