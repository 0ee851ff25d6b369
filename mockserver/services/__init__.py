"""What the operations of the API do, in rooms by feature.

A room serves the shapes of contracts that its ``HANDLERS`` name. Services know no HTTP statuses
beyond those of an ``ApiError``, and no resource by name.
"""
