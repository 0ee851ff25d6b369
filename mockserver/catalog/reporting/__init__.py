"""What report types, columns and filters stand for. Data only.

A further report type is a row of ``grain.GRAINS``; a further column a row of ``column.COLUMNS``
or, where its name tells what it shows, covered by ``dsp.PATTERNS``; a further resource a row of
``subject.PRODUCTS``.
"""
