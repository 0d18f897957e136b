import json
import logging
from pathlib import Path
from typing import Any

import pytest

from consult import directory
from consult.directory import Directory, DirectoryError
from tests.support.service import point

CATALOGUE: dict[str, Any] = {
    "schema": "kezhong-catalog",
    "version": 1,
    "district": {"code": "990100", "name": "样例区", "city": "样例市"},
    "streets": [{"code": "990100001", "name": "甲街道", "phone": "010-00000011"}],
    "stations": [{"code": "990100001001", "name": "甲一社区", "street": "990100001"}],
    "items": [{"code": "002000010002", "name": "就业登记", "plain_name": "登记就业", "materials": []}],
}


def release(site: Path, id: str, document: object) -> None:
    """A release of that content, made current in one step."""
    root = site / "releases" / id
    root.mkdir(parents=True)
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    (root / "catalog.json").write_text(text, "utf-8")
    point(site, f"releases/{id}")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    release(tmp_path, "r1", CATALOGUE)
    return tmp_path


def test_a_release_is_read(site: Path) -> None:
    seen = Directory(site)
    assert seen.root == site / "releases" / "r1"
    assert (seen.current.id, seen.current.district.name) == ("r1", "样例区")
    assert set(seen.current.areas) == {"990100", "990100001", "990100001001"}
    assert seen.current.stations["990100001001"].street == "990100001"
    assert seen.current.items["002000010002"].plain_name == "登记就业"
    assert seen.current.guides["002000010002"]["materials"] == []


def test_an_area_that_is_not_there_is_named_by_its_code(site: Path) -> None:
    current = Directory(site).current
    assert current.area("990100001").name == "甲街道"
    assert current.area("990100777").name == "990100777"


def test_a_release_cannot_be_changed(site: Path) -> None:
    current = Directory(site).current
    for mapping in (current.areas, current.items, current.guides, current.guides["002000010002"]):
        with pytest.raises(TypeError):
            mapping["x"] = None  # type: ignore[index]


def test_a_new_release_is_in_use_at_the_next_look(site: Path) -> None:
    seen = Directory(site)
    before = seen.current
    assert seen.current is before
    release(site, "r2", CATALOGUE | {"items": []})
    assert (seen.current.id, dict(seen.current.items)) == ("r2", {})
    assert seen.root == site / "releases" / "r2"
    point(site, "releases/r1")
    assert seen.current == before


BROKEN: list[object] = [
    "",
    "{",
    "[]",
    "null",
    "{}",
    "[" * 100_000,
    CATALOGUE | {"schema": "another"},
    CATALOGUE | {"version": 2},
    CATALOGUE | {"items": None},
    CATALOGUE | {"items": [{"code": "002000010002"}]},
    CATALOGUE | {"stations": [{"code": "990100001001", "name": "甲一社区"}]},
    {key: value for key, value in CATALOGUE.items() if key != "district"},
]


@pytest.mark.parametrize("document", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_release_leaves_the_old_one_in_use(
    site: Path, document: object, caplog: pytest.LogCaptureFixture
) -> None:
    seen = Directory(site)
    release(site, "r2", document)
    for _ in range(3):
        assert seen.current.id == "r1"
        assert seen.root.name == "r1"
    (record,) = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert "releases/r2/catalog.json" in record.getMessage()
    assert "release r1 stays in use" in record.getMessage()
    release(site, "r3", CATALOGUE)
    assert seen.current.id == "r3"


@pytest.mark.parametrize("document", BROKEN, ids=range(len(BROKEN)))
def test_there_is_no_beginning_with_a_broken_release(tmp_path: Path, document: object) -> None:
    release(tmp_path, "r1", document)
    with pytest.raises(DirectoryError, match=r"releases/r1/catalog\.json"):
        Directory(tmp_path)


def test_a_catalogue_that_is_not_utf_8_is_not_readable(tmp_path: Path) -> None:
    release(tmp_path, "r1", CATALOGUE)
    (tmp_path / "releases" / "r1" / "catalog.json").write_bytes(b'{"schema": "\xff"}')
    with pytest.raises(DirectoryError, match="not a readable catalogue"):
        directory.read(tmp_path / "releases" / "r1")


def test_another_version_is_named(site: Path) -> None:
    release(site, "r2", CATALOGUE | {"version": 2})
    with pytest.raises(DirectoryError, match="expected kezhong-catalog version 1, came kezhong-catalog 2"):
        Directory(site)


def test_without_a_release_the_operator_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match=r"current: expected a published release .*build\.py publish"):
        Directory(tmp_path)


def test_a_link_that_is_gone_leaves_the_release_in_use(site: Path, caplog: pytest.LogCaptureFixture) -> None:
    seen = Directory(site)
    (site / "current").unlink()
    assert seen.current.id == "r1"
    assert "release r1 stays in use" in caplog.text
    point(site, "releases/nowhere")
    assert seen.current.id == "r1"
