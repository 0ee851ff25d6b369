"""What report types, columns and filters mean, as data.

A new report type is a row of ``grain.GRAINS``; a new column a row of ``column.COLUMNS`` or, if its
name describes it, covered by ``dsp.PATTERNS``; a new resource a row of ``subject.PRODUCTS``.
"""
