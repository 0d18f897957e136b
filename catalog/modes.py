"""The three ways of showing a site: standard, for elders (适老化) and in high contrast.

Each is a tree of its own (/elder/…, /contrast/…), so that it needs neither script nor cookie, and links stay within
it. A page of a tree is the standard page with its class, its style sheet and its links: the words are the same.
"""

import re
from dataclasses import dataclass

OUTSIDE = ("static/", "open-data/", "desk/", "catalog.json", "changes.xml")
"""What every tree shares: addresses that begin so keep their way."""
_LINK = re.compile(rf'( href="| action="|"0; url=)/(?!{"|".join(OUTSIDE)})')
_SWITCH = re.compile(r' data-mode="(\w*)"(?: aria-current="true")? href="')


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


def in_mode(html: str, mode: Mode) -> str:
    """The standard page as a page of `mode`; links of the mode switch, marked data-mode, stay as they are."""
    # Taken out of the way of _LINK, and brought back with the current mode marked.
    html = _SWITCH.sub(lambda link: f' data-mode="{link[1]}" kept="', html)
    html = _LINK.sub(rf"\1{mode.prefix}/", html)
    html = html.replace(
        f' data-mode="{mode.name}" kept=', f' data-mode="{mode.name}" aria-current="true" kept='
    )
    html = html.replace(' kept="', ' href="')
    html = html.replace(
        '<html lang="zh-CN">', f'<html lang="zh-CN" class="{mode.name}" data-prefix="{mode.prefix}">', 1
    )
    return html.replace("</head>", '<link rel="stylesheet" href="/static/modes.css">\n</head>', 1)
