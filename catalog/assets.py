"""Style sheets, scripts and pictures under names that tell their content, so that browsers may keep them for ever.

`static/site.css` is published as `static/site.0123456789abcdef.css`. The digits are of all that is in the file, the
names of the files that it loads among them: a script whose module changed has another name, too.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath

from catalog.problem import Unusable

DIGITS = 16
STABLE = ("static/tokens.css",)
"""What is there under its plain name, too: the desk's pages, which are no part of a release, ask for it."""
_TEXT = frozenset({".css", ".js", ".svg"})
_NAMED = re.compile(r"(?<=[\"'(])(/static/|\./)([\w-]+(?:/[\w-]+)*\.\w+)(?=[\"')])")
"""How one file names another: by its address, or as its neighbour."""


class Assets:
    """`files` are what is published: path in the release to bytes."""

    def __init__(self, plain: Mapping[str, bytes]) -> None:
        """`plain` are the files as they were written, by the paths that they have there ("static/site.css")."""
        self._names: dict[str, str] = {}
        self.files: dict[str, bytes] = {path: plain[path] for path in STABLE if path in plain}
        for path in _order(plain):
            data = self._published(path, plain[path])
            self._names[path] = _name(path, data)
            self.files[self._names[path]] = data

    def linked(self, text: str) -> str:
        """A template in which every such file is asked for by its name; what is none of them stays as it is."""
        return self._renamed(text, PurePosixPath("static"))

    def address(self, path: str) -> str:
        """Where the file at a plain path is asked for. Raises Unusable if there is none."""
        if path not in self._names:
            raise Unusable(f"模板目录缺少 {path}，网页离不开它。")
        return f"/{self._names[path]}"

    def _published(self, path: str, data: bytes) -> bytes:
        own = PurePosixPath(path)
        return self._renamed(_text(path, data), own.parent).encode() if own.suffix in _TEXT else data

    def _renamed(self, text: str, directory: PurePosixPath) -> str:
        def name(found: re.Match[str]) -> str:
            path = _path(found, directory)
            if path not in self._names:
                return found[0]
            own = PurePosixPath(self._names[path])
            return f"/{own}" if found[1] == "/static/" else f"./{own.relative_to(directory)}"

        return _NAMED.sub(name, text)


def read(templates: Path) -> Assets:
    """What lies in the directory `static` beside the templates. Raises Unusable for a text that is not UTF-8."""
    files = sorted(path for path in (templates / "static").rglob("*") if path.is_file())
    return Assets({path.relative_to(templates).as_posix(): path.read_bytes() for path in files})


def _order(plain: Mapping[str, bytes]) -> Iterable[str]:
    """What is loaded before what loads it. Raises Unusable where files load each other."""
    loads = {path: _loaded(path, data) & plain.keys() for path, data in plain.items()}
    try:
        return tuple(TopologicalSorter(loads).static_order())
    except CycleError as error:
        ring = " -> ".join(reversed(error.args[1]))
        raise Unusable(f"模板目录的文件不能互相加载：{ring}。") from error


def _text(path: str, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Unusable(f"模板目录的 {path} 应为 UTF-8 编码，第 {error.start + 1} 个字节不是。") from error


def _name(path: str, data: bytes) -> str:
    stem, _, suffix = path.rpartition(".")
    return f"{stem}.{hashlib.sha256(data).hexdigest()[:DIGITS]}.{suffix}"


def _loaded(path: str, data: bytes) -> set[str]:
    if PurePosixPath(path).suffix not in _TEXT:
        return set()
    return {_path(found, PurePosixPath(path).parent) for found in _NAMED.finditer(_text(path, data))}


def _path(found: re.Match[str], directory: PurePosixPath) -> str:
    return f"static/{found[2]}" if found[1] == "/static/" else f"{directory}/{found[2]}"
