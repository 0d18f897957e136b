"""Several files replaced together: all of them, or none."""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from catalog.exchange.workbook.package import WorkbookError


def replace_all(root: Path, before: Mapping[str, bytes | None], after: Mapping[str, bytes]) -> None:
    """Put the bytes of `after` in place of those of `before` (None: no such file) below `root`.

    Raises WorkbookError if a file is not as `before` says, OSError if one cannot be written; in both cases, and
    on an interrupt, every file is as it was.
    """
    changed = [file for file in after if _bytes(root / file) != before[file]]
    if changed:
        raise WorkbookError(f"{'、'.join(changed)} 刚才有别人改过。请再导入一次。")
    staged = {file: _beside(root / file) for file in after}
    replaced: list[str] = []
    try:
        for file, data in after.items():
            _write(staged[file], data, like=root / file)
        for file in after:
            replaced.append(file)
            os.replace(staged[file], root / file)
    except BaseException:
        for file in replaced:
            _restore(root / file, before[file])
        raise
    finally:
        for path in staged.values():
            path.unlink(missing_ok=True)


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _beside(path: Path) -> Path:
    """A name in the same directory that no reader of the content takes for a file of it."""
    return path.with_name(f".{path.name}.{os.getpid()}")


def _write(path: Path, data: bytes, like: Path) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileNotFoundError):
        shutil.copymode(like, path)


def _restore(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
    elif _bytes(path) != data:
        staged = _beside(path)
        staged.unlink(missing_ok=True)
        _write(staged, data, like=path)
        os.replace(staged, path)
