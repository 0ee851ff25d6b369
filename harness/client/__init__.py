"""The reference client: does everything right, by operation id."""
