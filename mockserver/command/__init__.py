"""The verbs that the mock brings to the command line."""
