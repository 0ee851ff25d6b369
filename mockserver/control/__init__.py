"""The control plane and dashboard on Flask."""
