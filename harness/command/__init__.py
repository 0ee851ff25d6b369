"""The verbs that the harness brings to the command line."""
