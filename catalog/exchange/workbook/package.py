"""The workbook's file before anything in it is believed: its kind, its size unpacked, its parts."""

import io
import re
import warnings
import zipfile
from pathlib import Path

from openpyxl import Workbook, load_workbook

MOST_UNPACKED = 96 * 2**20
"""Bytes of all parts together: twenty times what 7,000 stations and 200 items need."""
MOST_CELLS = 1_000_000
MOST_ROWS = 200_000
MOST_PARTS = 1_000
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
"""[MS-CFB] 2.2: old .xls files, and .xlsx files under a password."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)|<\0!\0", re.IGNORECASE)
_AGAIN = "请从最近导出的表格开始修改"


class WorkbookError(ValueError):
    """A workbook that cannot be read at all; the text says what was expected, in Chinese for editors."""


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises WorkbookError before reading one that is too large, OSError."""
    size = path.stat().st_size
    if size > MOST_UNPACKED:
        raise _too_large("应", size)
    return path.read_bytes()


def open_workbook(data: bytes) -> Workbook:
    """The workbook in an .xlsx file, formulas as they were typed. Raises WorkbookError."""
    _check_kind(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_parts(package)
        with warnings.catch_warnings():
            # What openpyxl leaves out (pictures, newer extensions) is nothing that is read here.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(data), keep_links=False)
    except WorkbookError:
        raise
    # A damaged package fails in zipfile, in the XML parser or anywhere in openpyxl, each with its own errors.
    except Exception as error:
        raise WorkbookError(f"文件已损坏，无法打开（{type(error).__name__}）。{_AGAIN}。") from error


def _check_kind(data: bytes) -> None:
    if data.startswith(_COMPOUND):
        if _ENCRYPTED in data:
            raise WorkbookError("文件有密码，无法读取。请取消密码，另存后再导入。")
        raise WorkbookError("文件是旧的 .xls 格式。请另存为 .xlsx 格式再导入。")
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise WorkbookError(f"文件应为 .xlsx 工作簿，现在不是。{_AGAIN}。")


def _check_parts(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise WorkbookError(f"文件应为 .xlsx 工作簿，现在是别的压缩文件。{_AGAIN}。")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise WorkbookError("文件含有宏。请另存为不含宏的 .xlsx 格式再导入。")
    size = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_PARTS:
        raise WorkbookError(f"文件中的部件应不超过 {MOST_PARTS} 个，现在是 {len(entries)} 个。{_AGAIN}。")
    if size > MOST_UNPACKED:
        raise _too_large("展开后应", size)
    cells = rows = 0
    for entry in entries:
        # ZipFile reads no more than the size that was just added up.
        content = package.read(entry)
        if entry.filename.endswith((".xml", ".rels")) and _DECLARATION.search(content):
            raise WorkbookError(f"文件中有不允许的内容（{entry.filename}）。{_AGAIN}。")
        cells += len(_CELL.findall(content))
        rows += len(_ROW.findall(content))
    if cells > MOST_CELLS or rows > MOST_ROWS:
        came = f"{cells} 格、{rows} 行"
        raise WorkbookError(f"表格太大：应不超过 {MOST_CELLS} 格、{MOST_ROWS} 行，现在是 {came}。")


def _too_large(should: str, size: int) -> WorkbookError:
    return WorkbookError(
        f"文件太大：{should}不超过 {MOST_UNPACKED // 2**20} MB，现在是 {size / 2**20:.0f} MB。"
    )
