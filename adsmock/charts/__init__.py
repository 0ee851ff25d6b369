"""Charts of all pages: uPlot, and what every page draws with it.

The reports inline these files, so that they open offline; the mock serves them to its dashboard.
"""
