"""Which of what is written is in force on a day, and when that changes next.

An item is shown from its effective day on (计划生效日期) and is cancelled on the day that it expires (计划取消日期).
"""

from collections.abc import Iterable
from datetime import date

from catalog.model import Catalogue, ServiceItem
from catalog.terms import State


def in_force(catalogue: Catalogue, day: date) -> Catalogue:
    """The catalogue as residents see it on a day; the same object where every item is in force as written."""
    items = tuple(_cancelled(item, day) for item in catalogue.items if not _begins(item) > day)
    changed = len(items) != len(catalogue.items) or any(
        one is not other for one, other in zip(items, catalogue.items, strict=True)
    )
    return catalogue.model_copy(update={"items": items}) if changed else catalogue


def due(catalogue: Catalogue, versions: Iterable[date], day: date) -> tuple[date, ...]:
    """The days after `day` on which residents will see something else, in order."""
    days = {*versions, *map(_begins, catalogue.items), *map(_ends, catalogue.items)}
    return tuple(sorted(each for each in days if day < each < date.max))


def _begins(item: ServiceItem) -> date:
    return item.effective or date.min


def _ends(item: ServiceItem) -> date:
    return item.expires or date.max


def _cancelled(item: ServiceItem, day: date) -> ServiceItem:
    if _ends(item) > day or item.state is State.CANCELLED:
        return item
    return item.model_copy(update={"state": State.CANCELLED})
