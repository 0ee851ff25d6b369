"""Commands of the mock: serve, exec, ctl, fidelity."""
