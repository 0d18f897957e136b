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
    logged = tuple(logged)
    # What was written on the day of the release may have been published by it.
    known = {slug for change in logged if change.date > since for slug in change.items}
    said = {(slug, change.text) for change in logged if change.date == since for slug in change.items}
    before, after = compare.by_code(old, "items"), compare.by_code(new, "items")
    for code, item in after.items():
        draft = _draft(before.get(code), item)
        if draft and draft.slug not in known and (draft.slug, draft.text) not in said:
            yield draft


def _draft(before: Document | None, item: Document) -> Draft | None:
    slug = item["slug"]
    if before is None:
        return Draft(ChangeKind.ADDED, slug, f"新增“{item['plain_name']}”。")
    told = compare.of_item(before, item)
    if not told:
        return None
    stopped = item["state"] != before["state"] and item["state"] != State.IN_USE.value
    return Draft(ChangeKind.STOPPED if stopped else ChangeKind.MODIFIED, slug, f"{_sentence(told)}。")


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
