"""The verbs of the unified model, on the native resources of every ad product."""
