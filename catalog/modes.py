"""The three ways of showing a site: standard, for elders (适老化) and in high contrast.

Each is a tree of its own (/elder/…, /contrast/…), so that it needs neither script nor cookie, and links stay within
it. A page of a tree is the standard page with its class, its style sheet and its links: the words are the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

STYLE = "static/modes.css"
"""What the other modes have beside the standard page's style sheets."""
OUTSIDE = ("static/", "open-data/", "desk/", "catalog.json", "changes.xml")
"""What every tree shares: addresses that begin so keep their way."""
_ADDRESSES = (b' href="', b' action="', b'"0; url=')
"""What stands before the addresses that a page of a tree keeps within it."""
_SWITCH = re.compile(rb' data-mode="(\w*)"(?: aria-current="true")? href="')
_HERE = b"\0"
"""Where a mode's prefix comes: no page has it otherwise."""


@dataclass(frozen=True)
class Mode:
    """One way of showing: its word in the switch, its class, and what stands before its addresses."""

    name: str
    word: str

    @property
    def prefix(self) -> str:
        return f"/{self.name}" if self.name else ""


STANDARD = Mode("", "标准版")
ELDER = Mode("elder", "长者版")
CONTRAST = Mode("contrast", "高对比")
MODES = (STANDARD, ELDER, CONTRAST)
OTHERS = (ELDER, CONTRAST)
"""Those that are made from the standard page."""


def in_other_modes(page: bytes, style: str) -> Iterator[tuple[Mode, bytes]]:
    """The standard page in each of the other modes, with their style sheet, which is at the address `style`.

    Links of the mode switch, marked data-mode, stay as they are.
    """
    # Taken out of the way of the other links, and brought back with the current mode marked.
    marked = _SWITCH.sub(rb' data-mode="\1" kept="', page)
    for before in _ADDRESSES:
        marked = marked.replace(before + b"/", before + _HERE + b"/")
    for outside in OUTSIDE:
        marked = marked.replace(_HERE + b"/" + outside.encode(), b"/" + outside.encode())
    sheet = f'<link rel="stylesheet" href="{style}">\n</head>'.encode()
    marked = marked.replace(b"</head>", sheet, 1)
    for mode in OTHERS:
        name, prefix = mode.name.encode(), mode.prefix.encode()
        html = marked.replace(
            b' data-mode="%b" kept=' % name, b' data-mode="%b" aria-current="true" kept=' % name
        )
        opening = b'<html lang="zh-CN" class="%b" data-prefix="%b">' % (name, prefix)
        html = html.replace(b'<html lang="zh-CN">', opening, 1)
        yield mode, html.replace(b' kept="', b' href="').replace(_HERE, prefix)
