"""A workbook that nobody changed, or only LibreOffice or a sort, changes nothing."""

import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.catalogue import MINIMAL, Content
from tests.support.workbook import SAMPLE, Desk, build, exported, files, typed


@pytest.fixture
def desk(content: Content, tmp_path: Path) -> Desk:
    return Desk(content, tmp_path)


@pytest.mark.parametrize("content", [MINIMAL, SAMPLE], ids=["minimal", "sample"])
def test_out_and_back_changes_nothing(content: Path, tmp_path: Path) -> None:
    own = shutil.copytree(content, tmp_path / "content")
    before = files(own)
    out = build("export", "--to", "xlsx", tmp_path / "a.xlsx", "--content", own)
    assert (out.returncode, out.stderr) == (0, "")
    back = build("import", tmp_path / "a.xlsx", "--content", own, "--yes")
    assert (back.returncode, back.stdout, back.stderr) == (0, "没有修改。\n", "")
    assert files(own) == before


def soffice(file: Path, directory: Path) -> Path:
    """The workbook as LibreOffice saves it after opening it."""
    program = shutil.which("soffice")
    assert program, "this test needs LibreOffice Calc (Debian's package libreoffice-calc-nogui)"
    # A profile of its own: another LibreOffice at work would take the request and this one would do nothing.
    profile = f"-env:UserInstallation={(directory / 'profile').as_uri()}"
    out = directory / "saved"
    command = [program, "--headless", profile, "--convert-to", "xlsx", "--outdir", str(out), str(file)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    assert (out / file.name).is_file(), result.stdout + result.stderr
    return out / file.name


@pytest.mark.parametrize("content", [MINIMAL, SAMPLE], ids=["minimal", "sample"])
def test_out_and_back_through_libreoffice_changes_nothing(content: Path, tmp_path: Path) -> None:
    own = shutil.copytree(content, tmp_path / "content")
    before = files(own)
    (tmp_path / "a.xlsx").write_bytes(exported(own))
    saved = soffice(tmp_path / "a.xlsx", tmp_path)
    assert saved.read_bytes() != (tmp_path / "a.xlsx").read_bytes()
    back = build("import", saved, "--content", own, "--yes")
    assert (back.returncode, back.stdout, back.stderr) == (0, "没有修改。\n", "")
    assert files(own) == before


def test_libreoffice_keeps_locks_drop_downs_and_formats_and_brings_an_edit_back(desk: Desk) -> None:
    saved = soffice(desk.file, desk.file.parent)
    book = load_workbook(saved)
    assert book["版本信息"].sheet_state == "hidden"
    assert book["站点"].protection.sheet and book["站点"].row_dimensions[2].hidden
    assert book["站点"]["A1"].protection.locked and not book["站点"]["A3"].protection.locked
    assert book["站点"]["A3"].number_format == "@"
    assert any("在用" in str(rule.formula1) for rule in book["事项"].data_validations.dataValidation)
    desk.file.write_bytes(typed(saved.read_bytes(), {("事项", 3, "promised_limit.days"): 10}))
    assert desk.bring("--yes").returncode == 0
    assert len(desk.diff()) == 2


def test_sorting_the_rows_is_no_change(desk: Desk) -> None:
    def turn(book: Workbook) -> None:
        for name in ("站点", "材料"):
            sheet = book[name]
            assert isinstance(sheet, Worksheet)
            rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
            for number, row in enumerate(reversed(rows), start=3):
                for place, value in enumerate(row, start=1):
                    sheet.cell(number, place).value = value

    desk.change(turn)
    assert desk.bring("--yes").stdout == "没有修改。\n"
