"""Puts the files of one format where an editor asked for them."""

import errno
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def save(files: Mapping[str, bytes], out: Path) -> tuple[Path, ...]:
    """Write one file to `out`, or into it under its own name where it is a directory; several always into it.

    Returns what was written. Each file is replaced whole. Raises OSError naming the path that refused.
    """
    if len(files) > 1:
        out.mkdir(parents=True, exist_ok=True)
    targets = {out / name if out.is_dir() else out: data for name, data in files.items()}
    for target, data in targets.items():
        _replace(target, data)
    return tuple(targets)


def _replace(target: Path, data: bytes) -> None:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "应为文件", str(target))
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=target.suffix)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        # As another program would have created it; mkstemp lets nobody else read.
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
