"""Events that follow impressions and clicks, and the parts that a day can be split into.

All shares and rates are assumed: they are realistic and mean nothing. Words follow published report
samples where there are any.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.reporting.model import Event, Part

EVENTS: dict[str, Event] = {
    "invalid.impressions": Event("impressions", 22),
    "invalid.clicks": Event("clicks", 31),
    "viewable": Event("impressions", 690),
    "people": Event("impressions", 610),
    "households": Event("people", 900),
    "video.five": Event("viewable", 620),
    "video.first": Event("viewable", 560),
    "video.middle": Event("video.first", 790),
    "video.third": Event("video.middle", 830),
    "video.complete": Event("video.third", 860),
    "video.unmuted": Event("viewable", 70),
    "detail.clicks": Event("clicks", 870),
    "detail.views": Event("impressions", 6),
    "fresh.clicks": Event("detail.clicks", 590),
    "fresh.views": Event("detail.views", 610),
    "cart.clicks": Event("detail.clicks", 260),
    "cart.views": Event("detail.views", 190),
    "list.clicks": Event("detail.clicks", 40),
    "list.views": Event("detail.views", 30),
    "search.clicks": Event("clicks", 150),
    "search.views": Event("impressions", 3),
}
"""Counted events. An event is never more frequent than the one it follows."""

RANDOM_OF_CLICKS = (30, 260)
RANDOM_OF_VIEWS = (1, 7)
"""Range of the rate, of 1,024 clicks or impressions, of an event without a row."""

PROMPTS = (
    (6, "What is {} good for?"),
    (4, "How does {} compare with others?"),
    (2, "Who is {} made for?"),
)
PROMPTLESS = 88
"""Percentage of traffic without a prompt; ``PROMPTS`` has the percentage of each prompt."""

_BY_HOUR = (2, 1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 7, 8, 7, 4, 2)
"""Percentage of a day's traffic in each of its hours."""

FIXED: dict[str, tuple[Part, ...]] = {
    "hour": tuple(Part(share, {"hour": hour}) for hour, share in enumerate(_BY_HOUR)),
    "placement": (
        Part(2, {"placement": "Off Amazon"}, is_clicked=False),
        Part(29, {"placement": "Top of Search on-Amazon"}),
        Part(45, {"placement": "Detail Page on-Amazon"}),
        Part(24, {"placement": "Other on-Amazon"}),
    ),
    "placementOnAmazon": (
        Part(30, {"placement": "Top of Search on-Amazon"}),
        Part(45, {"placement": "Detail Page on-Amazon"}),
        Part(25, {"placement": "Other on-Amazon"}),
    ),
    "segment": (
        Part(35, {"segment": "In-market", "segmentCode": "IN_MARKET", "segmentId": "4101"}),
        Part(25, {"segment": "Lifestyle", "segmentCode": "LIFESTYLE", "segmentId": "4102"}),
        Part(40, {}),
    ),
    "audience": (
        Part(40, {"segment": "IM - Home", "segmentCode": "IN_MARKET", "segmentId": "5101"}),
        Part(35, {"segment": "LS - Outdoor", "segmentCode": "LIFESTYLE", "segmentId": "5102"}),
        Part(25, {"segment": "Remarketing", "segmentCode": "REMARKETING", "segmentId": "5103"}),
    ),
    "supply": (
        Part(50, {"supply": "Amazon.com", "supplyId": 301}),
        Part(30, {"supply": "Twitch", "supplyId": 302}),
        Part(20, {"supply": "Third-party exchange", "supplyId": 303}),
    ),
    "site": (
        Part(55, {"site": "amazon.com"}),
        Part(30, {"site": "imdb.com"}),
        Part(15, {"site": "example.com"}),
    ),
    "slot": (Part(60, {"slot": "Desktop"}), Part(40, {"slot": "Mobile web"})),
    "placementSize": (Part(55, {"size": 300250}), Part(45, {"size": 728090})),
    "deal": (
        Part(70, {"deal": "Open exchange", "dealId": "0", "dealType": "NONE"}),
        Part(30, {"deal": "Preferred", "dealId": "D-7001", "dealType": "PREFERRED_DEAL"}),
    ),
    "country": (Part(85, {"country": "US"}), Part(15, {"country": "CA"})),
    "region": (
        Part(45, {"region": "California"}),
        Part(35, {"region": "Texas"}),
        Part(20, {"region": "New York"}),
    ),
    "city": (
        Part(40, {"city": "Los Angeles"}),
        Part(35, {"city": "Houston"}),
        Part(25, {"city": "New York"}),
    ),
    "postalCode": (
        Part(40, {"postalCode": "90001"}),
        Part(35, {"postalCode": "77001"}),
        Part(25, {"postalCode": "10001"}),
    ),
    "dma": (
        Part(40, {"dma": "803", "dmaName": "Los Angeles"}),
        Part(35, {"dma": "618", "dmaName": "Houston"}),
        Part(25, {"dma": "501", "dmaName": "New York"}),
    ),
    "operatingSystem": (
        Part(45, {"system": "iOS"}),
        Part(35, {"system": "Android"}),
        Part(20, {"system": "Windows"}),
    ),
    "browserType": (Part(60, {"browser": "Chrome"}), Part(40, {"browser": "Safari"})),
    "browserVersion": (
        Part(60, {"browserVersion": "Chrome 126"}),
        Part(40, {"browserVersion": "Safari 17"}),
    ),
    "deviceType": (
        Part(55, {"device": "Mobile"}),
        Part(30, {"device": "Desktop"}),
        Part(15, {"device": "Connected TV"}),
    ),
    "environmentType": (Part(65, {"environment": "App"}), Part(35, {"environment": "Web"})),
    "content": (
        Part(60, {"title": "Evening film", "genre": "Drama", "rating": "PG-13", "type": "VOD"}),
        Part(40, {"title": "Morning talk", "genre": "Talk", "rating": "G", "type": "AUDIO"}),
    ),
    "frequencyGroup": (
        Part(70, {"frequencyGroupId": 801, "frequencyGroup": "Up to three a day"}),
        Part(30, {"frequencyGroupId": 802, "frequencyGroup": "Without limit"}),
    ),
    "rule": (
        Part(
            60,
            {
                "rule": "Evening hours", "ruleId": "R-1", "terms": "HOUR 18-23", "termIds": "T-1",
                "adjustment": 1.2,
            },
        ),
        Part(
            40,
            {
                "rule": "Mobile first", "ruleId": "R-2", "terms": "DEVICE MOBILE", "termIds": "T-2",
                "adjustment": 0.9,
            },
        ),
    ),
    "path": (
        Part(50, {"path": "SP", "steps": {"SP": 2.0}}),
        Part(30, {"path": "SB > SP", "steps": {"SP": 1.4, "SB": 1.1, "SBV": 0.2}}),
        Part(20, {"path": "SD > SP", "steps": {"SP": 1.2, "SD": 1.8}}),
    ),
}  # fmt: skip
"""Splits with the same parts for every account; shares add up to 100."""

TERMS: tuple[tuple[int, str], ...] = ((60, "{}"), (25, "best {}"), (15, "{} sale"))
"""Search terms of a keyword, with their percentage; an exact keyword matches itself."""

EXACT = "EXACT"
RANDOM_PARTS: dict[str, tuple[int, ...]] = {"matched": (55, 30, 15), "product": (50, 30, 20)}
"""Splits whose parts are products of the ad group, chosen at random (seeded)."""

CATEGORIES = ("Home", "Kitchen", "Sports", "Toys")
