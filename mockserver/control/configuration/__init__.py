"""The mock's settings as a file: read it, plan what changes, change it.

``read`` reads an ``adsmock.toml``, ``plan`` compares it with a mock, and every ``Step`` of the plan
is a call of the control plane. A plan of a mock that fits its file is empty.
"""
