"""An export is written whole, where the editor asked for it; and the command that does it."""

import json
import os
import stat
from pathlib import Path

import pytest

from catalog.exchange.export import save
from catalog.exchange.formats import FORMATS
from tests.support.catalogue import ALLOWANCE, MINIMAL, Content
from tests.support.command import build

ONE = {"a.json": b"1"}
TWO = {"a.csv": b"1", "b.csv": b"2"}


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_one_file_is_written_to_the_name_that_was_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "mine.json"
    assert save(ONE, out) == (out,)
    assert contents(tmp_path) == {"mine.json": b"1"}


def test_one_file_keeps_its_name_in_a_directory(tmp_path: Path) -> None:
    assert save(ONE, tmp_path) == (tmp_path / "a.json",)
    assert contents(tmp_path) == ONE


def test_several_files_are_written_into_a_directory_that_need_not_be_there(tmp_path: Path) -> None:
    out = tmp_path / "new" / "tables"
    assert save(TWO, out) == (out / "a.csv", out / "b.csv")
    assert contents(out) == TWO


def test_an_older_export_is_replaced_and_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"old")
    (tmp_path / "mine.txt").write_bytes(b"mine")
    save(TWO, tmp_path)
    assert contents(tmp_path) == {**TWO, "mine.txt": b"mine"}


def test_others_may_read_what_was_written(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        save(ONE, tmp_path)
        assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o644
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(mask)


@pytest.mark.parametrize(("files", "out"), [(ONE, "missing/a.json"), (TWO, "file"), (ONE, "taken")])
def test_a_place_that_refuses_is_named_and_nothing_is_left(
    tmp_path: Path, files: dict[str, bytes], out: str
) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "taken" / "a.json").mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OSError) as refused:
        save(files, tmp_path / out)
    assert str(refused.value.filename).startswith(str(tmp_path / out))
    assert sorted(tmp_path.rglob("*")) == before


def test_a_write_that_fails_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "a.json").write_bytes(b"old")
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        save(ONE, tmp_path)
    assert contents(tmp_path) == {"a.json": b"old"}


@pytest.mark.parametrize("name", FORMATS)
def test_the_command_exports_every_format_as_the_site_has_it(name: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    result = build("export", "--to", name, out, "--content", MINIMAL)
    assert (result.returncode, result.stderr) == (0, "")
    assert set(contents(out)) == set(FORMATS[name].files)
    told = "".join(f"已导出 {out / file}。\n" for file in FORMATS[name].files)
    assert result.stdout == told


def test_the_command_writes_to_the_file_that_was_named(tmp_path: Path) -> None:
    out = tmp_path / "services.json"
    assert build("export", "--to", "hsds", out, "--content", MINIMAL).returncode == 0
    assert json.loads(out.read_bytes())


def test_content_with_faults_is_not_exported(content: Content, tmp_path: Path) -> None:
    content.edit(ALLOWANCE, "conditions:", "conditionz:")
    out = tmp_path / "services.json"
    result = build("export", "--to", "hsds", out, "--content", content.root)
    assert result.returncode == 1
    assert result.stdout.endswith("处问题，未导出任何内容。\n")
    assert not out.exists()


def test_an_unknown_format_and_a_place_that_refuses_are_told(tmp_path: Path) -> None:
    unknown = build("export", "--to", "word", tmp_path / "a", "--content", MINIMAL)
    assert unknown.returncode == 2
    assert "cpsv-ap" in unknown.stderr
    refused = build("export", "--to", "hsds", tmp_path / "no" / "a.json", "--content", MINIMAL)
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"无法读写 {tmp_path / 'no' / 'a.json'}：")
