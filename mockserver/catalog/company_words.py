"""Words that names of companies are made of. Must not hold functions."""

from __future__ import annotations

SURNAMES = (
    "Abbott", "Acosta", "Adler", "Alvarez", "Amari", "Ansel", "Archer", "Ashby", "Avery", "Baker",
    "Banks", "Barlow", "Bauer", "Becker", "Bell", "Bergman", "Bishop", "Blake", "Boone", "Bowen",
    "Brandt", "Brooks", "Burke", "Burton", "Calder", "Carver", "Castro", "Chambers", "Chandra",
    "Clarke", "Clayton", "Cole", "Conrad", "Cooper", "Costa", "Crane", "Cruz", "Dalton", "Daniels",
    "Dawson", "Delgado", "Dixon", "Doyle", "Duarte", "Dunn", "Eaton", "Ellis", "Emerson", "Engel",
    "Farrell", "Ferrari", "Finch", "Fischer", "Flores", "Foster", "Frost", "Fuller", "Garcia",
    "Gibson", "Gold", "Grant", "Greene", "Gupta", "Hale", "Hansen", "Harper", "Hayes", "Herrera",
    "Holt", "Hughes", "Hunter", "Ito", "Jansen", "Jensen", "Kaplan", "Keller", "Kent", "Kim",
    "Klein", "Knight", "Kovac", "Lambert", "Larsen", "Lee", "Lindgren", "Lopez", "Lowe", "Lutz",
    "Marsh", "Mason", "Mehta", "Mendez", "Mercer", "Meyer", "Miles", "Moreau", "Morgan", "Mori",
    "Moss", "Nash", "Navarro", "Nguyen", "Nolan", "Norris", "Novak", "Oakley", "Olsen", "Ortega",
    "Owens", "Palmer", "Parker", "Patel", "Peters", "Porter", "Price", "Quinn", "Ramos", "Reed",
    "Reyes", "Rhodes", "Rossi", "Russo", "Sato", "Schmidt", "Serrano", "Shaw", "Silva", "Singh",
    "Stone", "Suarez", "Tanaka", "Thorne", "Turner", "Vance", "Vargas", "Vogel", "Wade", "Walsh",
    "Ward", "Weber", "West", "Wolfe", "Wong", "Woods", "York", "Young", "Zimmer",
)  # fmt: skip

FORMS = (
    "{0} Group", "{0} Inc", "{0} LLC", "{0} Ltd", "{0} PLC", "{0} and Sons", "{0}-{1}",
    "{0}, {1} and {2}",
)  # fmt: skip
"""What stands in braces are surnames, all different."""
