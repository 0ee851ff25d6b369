"""Several mock processes behind HAProxy, with one control plane: ``serve --shards N``.

``Installation`` starts the processes and the balancer, restarts what dies, and serves the control
plane of all. Nothing is shared between processes: a sandbox is in one of them.
"""
