"""The states of the United States, with the range of their postal codes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    """A state: its code and name, and its first and last postal code."""

    code: str
    name: str
    first: int
    last: int


STATES = (
    State("AL", "Alabama", 35004, 36925),
    State("AK", "Alaska", 99501, 99950),
    State("AZ", "Arizona", 85001, 86556),
    State("AR", "Arkansas", 71601, 72959),
    State("CA", "California", 90001, 96162),
    State("CO", "Colorado", 80001, 81658),
    State("CT", "Connecticut", 6001, 6389),
    State("DE", "Delaware", 19701, 19980),
    State("DC", "District of Columbia", 20001, 20039),
    State("FL", "Florida", 32004, 34997),
    State("GA", "Georgia", 30001, 31999),
    State("HI", "Hawaii", 96701, 96898),
    State("ID", "Idaho", 83201, 83876),
    State("IL", "Illinois", 60001, 62999),
    State("IN", "Indiana", 46001, 47997),
    State("IA", "Iowa", 50001, 52809),
    State("KS", "Kansas", 66002, 67954),
    State("KY", "Kentucky", 40003, 42788),
    State("LA", "Louisiana", 70001, 71232),
    State("ME", "Maine", 3901, 4992),
    State("MD", "Maryland", 20812, 21930),
    State("MA", "Massachusetts", 1001, 2791),
    State("MI", "Michigan", 48001, 49971),
    State("MN", "Minnesota", 55001, 56763),
    State("MS", "Mississippi", 38601, 39776),
    State("MO", "Missouri", 63001, 65899),
    State("MT", "Montana", 59001, 59937),
    State("NE", "Nebraska", 68001, 68118),
    State("NV", "Nevada", 88901, 89883),
    State("NH", "New Hampshire", 3031, 3897),
    State("NJ", "New Jersey", 7001, 8989),
    State("NM", "New Mexico", 87001, 88441),
    State("NY", "New York", 10001, 14905),
    State("NC", "North Carolina", 27006, 28909),
    State("ND", "North Dakota", 58001, 58856),
    State("OH", "Ohio", 43001, 45999),
    State("OK", "Oklahoma", 73001, 73199),
    State("OR", "Oregon", 97001, 97920),
    State("PA", "Pennsylvania", 15001, 19640),
    State("RI", "Rhode Island", 2801, 2940),
    State("SC", "South Carolina", 29001, 29948),
    State("SD", "South Dakota", 57001, 57799),
    State("TN", "Tennessee", 37010, 38589),
    State("TX", "Texas", 75503, 79999),
    State("UT", "Utah", 84001, 84784),
    State("VT", "Vermont", 5001, 5495),
    State("VA", "Virginia", 22001, 24658),
    State("WA", "Washington", 98001, 99403),
    State("WV", "West Virginia", 24701, 26886),
    State("WI", "Wisconsin", 53001, 54990),
    State("WY", "Wyoming", 82001, 83128),
)
