"""Sockets: the ASGI edge on uvicorn, wire faults, waits."""
