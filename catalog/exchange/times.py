"""Time limits as the international formats write them."""

from catalog.model import TimeLimit
from catalog.terms import DayUnit


def duration(limit: TimeLimit) -> str:
    """The limit in calendar days as ISO 8601 writes it, "P21D": five working days take a week."""
    days = -(-limit.days * 7 // 5) if limit.unit is DayUnit.WORKING_DAY else limit.days
    return f"P{days}D"
