"""QR codes (ISO/IEC 18004) as SVG within a page."""

from functools import lru_cache

import segno
from markupsafe import Markup


@lru_cache(maxsize=1024)
def qr(address: str) -> Markup:
    """The code of an absolute address, its quiet zone of four modules around it.

    Two pixels a module, where no style sheet says otherwise.
    """
    return Markup(segno.make_qr(address, error="m").svg_inline(scale=2, border=4, svgclass="qr"))
