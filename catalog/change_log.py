"""Drafts of the log of changes (disclosure/changes.yaml): what a release would change of each item, in words.

The editor puts them into a resident's words before they are published.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from catalog import compare
from catalog.compare import Document
from catalog.disclosure import Change
from catalog.terms import ChangeKind, State

HEAD = "# 目录更新记录：每次改动一项，写清对居民有什么不同；先后不限，网页上新的在前\nchanges:\n"
_BEGINS = "changes:\n"
_TOLD = 3
"""So many changes of one item are told one by one."""


@dataclass(frozen=True)
class Draft:
    """An entry of the log: what happened to an item, by its slug, and in words what is other for residents."""

    kind: ChangeKind
    slug: str
    text: str


def drafts(old: Document, new: Document, logged: Iterable[Change], since: date) -> Iterator[Draft]:
    """What changes from the published catalog.json to the new one and is not in the log since that day."""
    known = {slug for change in logged if change.date >= since for slug in change.items}
    before, after = compare.by_code(old, "items"), compare.by_code(new, "items")
    for code, item in after.items():
        if item["slug"] in known:
            continue
        if code not in before:
            yield Draft(ChangeKind.ADDED, item["slug"], f"新增“{item['plain_name']}”。")
        elif told := compare.of_item(before[code], item):
            stopped = item["state"] != before[code]["state"] and item["state"] != State.IN_USE.value
            kind = ChangeKind.STOPPED if stopped else ChangeKind.MODIFIED
            yield Draft(kind, item["slug"], f"{_sentence(told)}。")


def _sentence(told: Sequence[str]) -> str:
    more = f"；另有 {len(told) - _TOLD} 处改动" if len(told) > _TOLD else ""
    return "；".join(told[:_TOLD]) + more


def written(text: str, new: Iterable[Draft], day: date) -> str | None:
    """The file with the entries before the others; what is there stays as it is. None if there is no place for them."""
    text = text or HEAD
    begin, found, rest = text.partition(_BEGINS)
    if not found or (begin and not begin.endswith("\n")):
        return None
    return begin + found + "".join(_entry(each, day) for each in new) + rest


def _entry(each: Draft, day: date) -> str:
    # A string of JSON is one of YAML, too.
    words = json.dumps(each.text, ensure_ascii=False)
    return f'  - date: "{day}"\n    kind: {each.kind.value}\n    items: [{each.slug}]\n    text: {words}\n'
