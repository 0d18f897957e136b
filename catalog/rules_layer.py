"""The rules of the layers: nothing copied, everything that is referred to is there, and every village has its agent."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from catalog.layers import NO_LAYER, listed
from catalog.load import DISTRICT, STATIONS, Entry
from catalog.model import Override, Street, StreetLayer
from catalog.rule import Fault, Rule, Scope, advice, closest, error
from catalog.rules_item import PLACEHOLDER, is_longer
from catalog.source import Path
from catalog.terms import Handling, Layer, State

Layered = tuple[Entry[StreetLayer], Street]
"""A street's file with the street it belongs to."""

_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_SPAN = re.compile(r"([0-9]{1,2}[:：][0-9]{2})\s*[–—~～-]\s*([0-9]{1,2}[:：][0-9]{2})")
_NO_DAY = re.compile("(?:周|星期)[七八九十0-9]")
_MIDNIGHT = 24 * 60
_HALF = re.compile("上午|下午|全天")
_DAYS = re.compile("周[一二三四五六日]|星期[一二三四五六日]|每天|每日|每月|工作日|逢")


def _layers(scope: Scope) -> Iterator[Layered]:
    for entry in scope.loaded.layers:
        if entry.stem in scope.streets:
            yield entry, scope.streets[entry.stem]


def _offered(scope: Scope, layer: StreetLayer) -> dict[str, Layer] | None:
    """What reaches the street, or None where the district's list could not be read."""
    district = scope.loaded.district
    return dict(listed(district.record.items, layer)) if district else None


def _references(scope: Scope) -> Iterator[tuple[Entry[Any], Path, str]]:
    """Every slug of an item in the district's list and in the streets' files."""
    if scope.loaded.district:
        yield from _each(scope.loaded.district, ("items",), scope.loaded.district.record.items)
    for entry in scope.loaded.layers:
        layer = entry.record
        yield from _each(entry, ("additions",), layer.additions)
        yield from ((entry, ("overrides", i, "item"), one.item) for i, one in enumerate(layer.overrides))
        for i, station in enumerate(layer.stations):
            yield from _each(entry, ("stations", i, "without"), station.without)
            yield from _each(entry, ("stations", i, "adds"), station.adds)
        for i, agent in enumerate(layer.relay.agents if layer.relay else ()):
            yield from _each(entry, ("relay", "agents", i, "items"), agent.items or ())


def _each(entry: Entry[Any], path: Path, slugs: Sequence[str]) -> Iterator[tuple[Entry[Any], Path, str]]:
    return ((entry, (*path, index), slug) for index, slug in enumerate(slugs))


def _unknown_items(scope: Scope) -> Iterator[Fault]:
    for entry, path, slug in _references(scope):
        if scope.lacks_item(slug):
            yield entry, path, f"没有网址名为 {slug} 的事项{closest(slug, scope.items)}。"


def _copied(scope: Scope) -> Iterator[Fault]:
    """An item stands in one list only: what the layer below has reaches the layer above by itself."""
    district = scope.loaded.district
    below: tuple[str, ...] = ()
    if district:
        below = district.record.items
        yield from _twice(district, ("items",), below, ())
    for entry in scope.loaded.layers:
        layer = entry.record
        yield from _twice(entry, ("additions",), layer.additions, below)
        for i, station in enumerate(layer.stations):
            yield from _twice(entry, ("stations", i, "adds"), station.adds, (*below, *layer.additions))


def _twice(entry: Entry[Any], path: Path, slugs: Sequence[str], below: Iterable[str]) -> Iterator[Fault]:
    seen = set(below)
    for index, slug in enumerate(slugs):
        if slug in seen:
            yield entry, (*path, index), f"事项 {slug} 已在本清单或上级清单中，不用再写，应删去。"
        seen.add(slug)


def _cancelled(scope: Scope) -> Iterator[Fault]:
    for entry, path, slug in _references(scope):
        item = scope.items.get(slug)
        if item and item.record.state is State.CANCELLED:
            yield entry, path, f"事项 {slug} 已取消，不再列给居民，可以从清单中删去。"


def _unlisted(scope: Scope) -> Iterator[Fault]:
    if scope.loaded.district is None or scope.is_unread(*(entry.stem for entry in scope.loaded.streets)):
        return
    layers = [entry.record for entry in scope.loaded.layers] or [NO_LAYER]
    reached = {slug for layer in layers for slug in listed(scope.loaded.district.record.items, layer)}
    for entry in scope.loaded.items:
        if entry.record.slug not in reached and entry.record.state is State.IN_USE:
            message = f"没有街道办理这一事项；请把 {entry.record.slug} 加进 {DISTRICT} 的 items 或街道的 additions。"
            yield entry, ("slug",), message


def _override_unoffered(scope: Scope) -> Iterator[Fault]:
    for entry, street in _layers(scope):
        offered = _offered(scope, entry.record)
        for index, override in enumerate(entry.record.overrides):
            known = not scope.lacks_item(override.item)
            if offered is not None and known and override.item not in offered:
                message = f"{street.name}不办 {override.item}，不应改它；要办就加进 additions（街道增设）。"
                yield entry, ("overrides", index, "item"), message


def _override_twice(scope: Scope) -> Iterator[Fault]:
    for entry in scope.loaded.layers:
        items = [override.item for override in entry.record.overrides]
        for index, slug in enumerate(items):
            if slug in items[:index]:
                yield entry, ("overrides", index, "item"), f"{slug} 的不同之处写了两次，应合并成一处。"


def _override_empty(scope: Scope) -> Iterator[Fault]:
    for entry in scope.loaded.layers:
        for i, override in enumerate(entry.record.overrides):
            if override == Override(item=override.item):
                yield entry, ("overrides", i), f"{override.item} 没有写任何不同之处，应补上或删去这一项。"
        for i, own in enumerate(entry.record.stations):
            if not (own.without or own.adds or own.hours or own.note):
                yield entry, ("stations", i), f"{own.station} 没有写任何不同之处，应补上或删去这一项。"


def _override_equal(scope: Scope) -> Iterator[Fault]:
    for entry, street in _layers(scope):
        for i, override in enumerate(entry.record.overrides):
            for field, below in _below(scope, street, override).items():
                if getattr(override, field) == below:
                    message = f"{field} 与上一层相同（{below}），相同的不写，应删去这一行。"
                    yield entry, ("overrides", i, field), message
        for i, own in enumerate(entry.record.stations):
            station = scope.stations.get(street.code, {}).get(own.station)
            if station and own.hours == station.hours:
                message = f"hours 与 {STATIONS} 中的相同（{station.hours}），相同的不写，应删去这一行。"
                yield entry, ("stations", i, "hours"), message


def _below(scope: Scope, street: Street, override: Override) -> dict[str, object]:
    below: dict[str, object] = {"place": street.address, "hours": street.hours, "phone": street.phone}
    item = scope.items.get(override.item)
    if item:
        below["promised_limit"] = item.record.promised_limit
    return below


def _override_limit(scope: Scope) -> Iterator[Fault]:
    for entry in scope.loaded.layers:
        for index, override in enumerate(entry.record.overrides):
            item, own = scope.items.get(override.item), override.promised_limit
            if item is None or own is None:
                continue
            city = item.record.promised_limit
            immediate = own.days == 0 and item.record.handling is Handling.PROMISED
            if is_longer(own, city) or immediate:
                least = "至少 1 个，" if immediate else ""
                message = (
                    f"全市统一承诺 {city.days} 个{city.unit.value}，街道只能更短，{least}"
                    f"现在是 {own.days} 个{own.unit.value}。"
                )
                yield entry, ("overrides", index, "promised_limit", "days"), message


def _unknown_stations(scope: Scope) -> Iterator[Fault]:
    for entry, street in _layers(scope):
        for index, own in enumerate(entry.record.stations):
            if scope.lacks_station(street, own.station):
                hint = closest(own.station, scope.stations.get(street.code, {}))
                message = f"{street.name}没有网址名为 {own.station} 的站点{hint}。"
                yield entry, ("stations", index, "station"), message


def _station_twice(scope: Scope) -> Iterator[Fault]:
    for entry in scope.loaded.layers:
        slugs = [own.station for own in entry.record.stations]
        for index, slug in enumerate(slugs):
            if slug in slugs[:index]:
                yield entry, ("stations", index, "station"), f"站点 {slug} 写了两次，应合并成一处。"


def _without_unoffered(scope: Scope) -> Iterator[Fault]:
    for entry, street in _layers(scope):
        offered = _offered(scope, entry.record)
        for i, own in enumerate(entry.record.stations):
            for j, slug in enumerate(own.without):
                brought = offered.get(slug, Layer.STATION) if offered is not None else Layer.DISTRICT
                if not scope.lacks_item(slug) and (brought is Layer.STATION or slug in own.without[:j]):
                    message = f"{street.name}本来就不办 {slug}，或已写过，应删去。"
                    yield entry, ("stations", i, "without", j), message


def _uncovered_villages(scope: Scope) -> Iterator[Fault]:
    for entry, street in _layers(scope):
        relay = entry.record.relay
        covered = {village for agent in relay.agents for village in agent.villages} if relay else set()
        for station in scope.stations.get(street.code, {}).values() if relay else ():
            if station.slug not in covered:
                message = f"{station.name}（{station.slug}）没有代办员，应写进一名代办员的 villages。"
                yield entry, ("relay", "agents"), message


def _villages(entry: Entry[StreetLayer]) -> Iterator[tuple[Path, str]]:
    relay = entry.record.relay
    for i, agent in enumerate(relay.agents if relay else ()):
        yield from ((("relay", "agents", i, "villages", j), slug) for j, slug in enumerate(agent.villages))


def _village_twice(scope: Scope) -> Iterator[Fault]:
    for entry in scope.loaded.layers:
        seen: set[str] = set()
        for path, slug in _villages(entry):
            if slug in seen:
                yield entry, path, f"{slug} 已有代办员，一个村只由一名代办员负责。"
            seen.add(slug)


def _unknown_villages(scope: Scope) -> Iterator[Fault]:
    for entry, street in _layers(scope):
        for path, slug in _villages(entry):
            if scope.lacks_station(street, slug):
                hint = closest(slug, scope.stations.get(street.code, {}))
                yield entry, path, f"{street.name}没有网址名为 {slug} 的站点{hint}。"


def _agent_twice(scope: Scope) -> Iterator[Fault]:
    for entry in scope.loaded.layers:
        relay = entry.record.relay
        numbers = [agent.number for agent in relay.agents] if relay else []
        for index, number in enumerate(numbers):
            if number in numbers[:index]:
                yield entry, ("relay", "agents", index, "number"), f"工号 {number} 重复，应各不相同。"


def _agent_unoffered(scope: Scope) -> Iterator[Fault]:
    for entry, street in _layers(scope):
        offered = _offered(scope, entry.record)
        relay = entry.record.relay
        for i, agent in enumerate(relay.agents if relay and offered is not None else ()):
            for j, slug in enumerate(agent.items or ()):
                if offered is not None and slug not in offered and not scope.lacks_item(slug):
                    message = f"{street.name}不办 {slug}，代办员不能代办，应删去。"
                    yield entry, ("relay", "agents", i, "items", j), message


def _same_telephones(scope: Scope) -> Iterator[Fault]:
    message = "投诉电话应与咨询电话不同，现在都是 {}。"
    district = scope.loaded.district
    if district and district.record.complaint_phone == district.record.advice_phone:
        yield district, ("complaint_phone",), message.format(district.record.advice_phone)
    for entry in scope.loaded.streets:
        if entry.record.complaint_phone == entry.record.phone:
            yield entry, ("complaint_phone",), message.format(entry.record.phone)
    for layer, street in _layers(scope):
        for index, override in enumerate(layer.record.overrides):
            if override.phone == street.complaint_phone:
                yield layer, ("overrides", index, "phone"), message.format(override.phone)


def _hours(scope: Scope) -> Iterator[Fault]:
    """办理时间: a resident must know from when to when."""
    for entry, path, text in _opening(scope):
        if not _CLOCK.search(text):
            yield entry, path, f"办公时间应写明几点到几点，例如 9:00–17:30，现在是“{text}”。"


def _opening(scope: Scope) -> Iterator[Fault]:
    for entry in scope.areas:
        yield entry, ("hours",), entry.record.hours
    for layer in scope.loaded.layers:
        for field in ("overrides", "stations"):
            for index, each in enumerate(getattr(layer.record, field)):
                if each.hours:
                    yield layer, (field, index, "hours"), each.hours


def _spans(scope: Scope) -> Iterator[Fault]:
    """A span that ends before it begins, an hour that no clock has, a day that no week has."""
    for entry, path, text in _opening(scope):
        for opens, closes in _SPAN.findall(text):
            if not (_minutes(opens) < _minutes(closes) <= _MIDNIGHT):
                yield entry, path, f"“{opens}–{closes}”应从早到晚，不超过 24:00，现在是“{text}”。"
        if day := _NO_DAY.search(text):
            yield entry, path, f"没有“{day[0]}”这一天，应写周一至周日中的一天，现在是“{text}”。"


def _minutes(clock: str) -> int:
    hour, minute = clock.replace("：", ":").split(":")
    return int(hour) * 60 + int(minute) if int(minute) < 60 else _MIDNIGHT + 1


def _agent_hours(scope: Scope) -> Iterator[Fault]:
    """代办时间: a villager must know on which days and when the papers are collected."""
    for entry in scope.loaded.layers:
        relay = entry.record.relay
        for index, agent in enumerate(relay.agents if relay else ()):
            if not (_DAYS.search(agent.hours) and (_CLOCK.search(agent.hours) or _HALF.search(agent.hours))):
                message = f"代办时间应写明星期几和几点（或上午、下午），现在是“{agent.hours}”。"
                yield entry, ("relay", "agents", index, "hours"), message


def _addresses(scope: Scope) -> Iterator[Fault]:
    """办理地点: a resident must find it."""
    for entry in scope.areas:
        if PLACEHOLDER.fullmatch(entry.record.address):
            yield entry, ("address",), f"“{entry.record.address}”等于没有填，应写明地址。"


RULES: tuple[Rule, ...] = (
    error("unknown-listed-item", "清单和街道文件中的事项都存在", _unknown_items),
    error("copied-item", "上级清单已有的事项不再写", _copied),
    advice("cancelled-item", "取消的事项从清单中删去", _cancelled),
    advice("unlisted-item", "每个事项都有街道办理", _unlisted),
    error("override-unoffered", "只改本街道办理的事项", _override_unoffered),
    error("override-twice", "一个事项的不同之处写在一处", _override_twice),
    error("override-empty", "写了事项或站点，就写明不同之处", _override_empty),
    error("override-equal", "与上一层相同的不写", _override_equal),
    error("override-limit", "街道的承诺时限只能比全市短", _override_limit),
    error("unknown-station", "街道文件中的站点都存在", _unknown_stations),
    error("station-twice", "一个站点的不同之处写在一处", _station_twice),
    error("without-unoffered", "只减去本街道办理的事项", _without_unoffered),
    error("uncovered-village", "每个村都有代办员", _uncovered_villages),
    error("village-twice", "一个村只由一名代办员负责", _village_twice),
    error("unknown-village", "代办员负责的村都存在", _unknown_villages),
    error("agent-twice", "代办员的工号各不相同", _agent_twice),
    error("agent-unoffered", "代办员只代办本街道办理的事项", _agent_unoffered),
    error("same-telephone", "投诉电话与咨询电话不同", _same_telephones),
    error("hours-clock", "办公时间写明几点到几点", _hours),
    error("hours-span", "办公时间从早到晚，星期几写对", _spans),
    error("agent-hours", "代办时间写明星期几和几点", _agent_hours),
    error("address-placeholder", "地址不能空填", _addresses),
)
