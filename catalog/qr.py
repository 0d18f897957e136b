"""QR codes (ISO/IEC 18004) as SVG within a page."""

from functools import lru_cache

import segno
from markupsafe import Markup


@lru_cache(maxsize=1024)
def qr(address: str) -> Markup:
    """The code of an absolute address, its quiet zone of four modules around it.

    Without size of its own: style sheets scale it, and without one it is as large as any drawing.
    """
    return Markup(segno.make_qr(address, error="m").svg_inline(omitsize=True, border=4, svgclass="qr"))
