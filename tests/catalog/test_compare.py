"""What two releases differ in, in words; and the drafts of the log of changes that are made of it."""

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import yaml

from catalog import change_log, compare
from catalog.change_log import Draft
from catalog.disclosure import Change, Changes
from catalog.elements import ELEMENTS
from catalog.exchange import catalog_json
from catalog.load import load
from catalog.model import ServiceItem
from catalog.terms import ChangeKind
from tests.support.catalogue import MINIMAL

Document = dict[str, Any]
DAY = date(2026, 11, 24)


@pytest.fixture
def old() -> Document:
    catalogue = load(MINIMAL).catalogue
    assert catalogue is not None
    return catalog_json.document(catalogue)


def changed(old: Document, edit: Callable[[Document], object]) -> Document:
    new = copy.deepcopy(old)
    edit(new)
    return new


def told(old: Document, edit: Callable[[Document], object]) -> list[str]:
    return list(compare.changes(old, changed(old, edit)))


def item(field: str, value: object) -> Callable[[Document], object]:
    return lambda new: new["items"][0].__setitem__(field, value)


def test_nothing_differs_from_itself(old: Document) -> None:
    assert told(old, lambda new: None) == []
    assert told(old, item("updated", "2030-01-01")) == told(old, item("version", 99)) == []


@pytest.mark.parametrize(
    ("field", "before", "after", "words"),
    [
        ("name", "甲", "乙", "由“甲”改为“乙”"),
        ("quota", None, "每年 10 个", "补上“每年 10 个”"),
        ("quota", "每年 10 个", None, "删去“每年 10 个”"),
        ("express", False, True, "由“否”改为“是”"),
        ("kind_name", "代收代办类", "当场受理类", "由“代收代办类”改为“当场受理类”"),
        (
            "promised_limit",
            {"text": "30 个工作日"},
            {"text": "25 个工作日"},
            "由“30 个工作日”改为“25 个工作日”",
        ),
        (
            "promised_limit",
            {"text": "1 天", "note": "a"},
            {"text": "1 天", "note": "b"},
            "的细节有改动",
        ),
        ("online", None, {"url": "https://k.example"}, "补上“https://k.example”"),
        ("conditions", ["甲", "乙"], ["甲", "丙", "丁"], "增加“丙”、“丁”，去掉“乙”"),
        ("conditions", ["甲", "乙"], ["乙", "甲"], "换了次序"),
        (
            "materials",
            [{"name": "身份证", "copies": 0}],
            [{"name": "身份证", "copies": 1}],
            "改动“身份证”",
        ),
        ("steps", [{}], [], "去掉“一项”"),
        ("summary", "长" * 100, "", f"删去“{'长' * 59}…”"),
    ],
)
def test_a_change_of_an_item_is_told_by_its_field(
    old: Document, field: str, before: object, after: object, words: str
) -> None:
    first = changed(old, item(field, before))
    (line,) = told(first, item(field, after))
    name = ELEMENTS[ServiceItem].get(field, "站点怎么办")
    assert line == f"事项“{old['items'][0]['plain_name']}”：{name}{words}"


def test_what_is_new_and_what_is_gone_is_told_by_name(old: Document) -> None:
    name = old["stations"][0]["name"]
    assert told(old, lambda new: new["stations"].pop(0)) == [f"不再有站点：{name}"]
    smaller = changed(old, lambda new: new["stations"].pop(0))
    assert list(compare.changes(smaller, old)) == [f"新增站点：{name}"]


def test_places_and_the_whole_district_are_told_of_too(old: Document) -> None:
    lines = told(
        old,
        lambda new: (
            new["district"].update(advice_phone="010-00000009"),
            new["streets"][0].update(phone="010-00000008", relay={"agents": []}),
            new["stations"][0].update(intake_hours="周一 9:00–12:00"),
        ),
    )
    assert lines[0] == f"全区：咨询电话由“{old['district']['advice_phone']}”改为“010-00000009”"
    assert lines[1].startswith(f"街道（乡镇）“{old['streets'][0]['name']}”：")
    assert lines[-1].endswith("改为“周一 9:00–12:00”")
    assert any(line.endswith("代办安排的细节有改动") for line in lines)


def drafts(old: Document, edit: Callable[[Document], object], *logged: Change) -> list[Draft]:
    return list(change_log.drafts(old, changed(old, edit), logged, DAY))


def test_what_changes_of_an_item_is_drafted(old: Document) -> None:
    slug = old["items"][0]["slug"]
    (draft,) = drafts(old, item("quota", "每年 10 个"))
    assert draft == Draft(ChangeKind.MODIFIED, slug, "数量限制补上“每年 10 个”。")
    (draft,) = drafts(old, item("state", "取消"))
    assert (draft.kind, draft.slug) == (ChangeKind.STOPPED, slug)
    many = {
        "quota": "a",
        "intermediary": "b",
        "special_procedure": "c",
        "visit_reason": "d",
        "department": "e",
    }
    (draft,) = drafts(old, lambda new: new["items"][0].update(many))
    assert draft.text.endswith("；另有 2 处改动。")
    smaller = changed(old, lambda new: new["items"].pop(0))
    (draft,) = change_log.drafts(smaller, old, (), DAY)
    assert draft == Draft(ChangeKind.ADDED, slug, f"新增“{old['items'][0]['plain_name']}”。")


def test_what_the_log_tells_since_the_last_release_is_not_drafted_again(old: Document) -> None:
    slug = old["items"][0]["slug"]
    told = {"kind": "修改", "items": [slug], "text": "改了。"}
    edit = item("quota", "每年 10 个")
    later = Change.model_validate({**told, "date": "2026-11-25"})
    assert drafts(old, edit, later) == []
    same_day = Change.model_validate({**told, "date": str(DAY)})
    (draft,) = drafts(old, edit, same_day)
    # A second run before the release has been published drafts nothing twice.
    assert drafts(old, edit, same_day.model_copy(update={"text": draft.text})) == []


def test_drafts_are_written_before_what_is_there_which_stays_as_it_is() -> None:
    draft = Draft(ChangeKind.MODIFIED, "dibao", '时限由“3 天”改为“"2" 天”。')
    rest = '  - date: "2026-01-01"  # 留着\n    kind: 新增\n    items: [dibao]\n    text: 新增。\n'
    for begin in ("", "# 说明\n"):
        text = change_log.written(f"{begin}changes:\n{rest}", [draft], DAY)
        assert text is not None and text.startswith(f"{begin}changes:\n") and text.endswith(rest)
        first, second = Changes.model_validate(yaml.safe_load(text)).changes
        assert (first.date, first.kind, first.items, first.text) == (DAY, draft.kind, ("dibao",), draft.text)
        assert second.text == "新增。"
    text = change_log.written("", [draft], DAY)
    assert text is not None and len(Changes.model_validate(yaml.safe_load(text)).changes) == 1


@pytest.mark.parametrize("text", ["changes: []\n", "x: changes:\n", "other: 1\n"])
def test_a_file_of_another_form_is_left_alone(text: str) -> None:
    assert change_log.written(text, [], DAY) is None
