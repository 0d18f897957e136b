"""QR codes (ISO/IEC 18004) as SVG within a page."""

from collections.abc import Iterator
from functools import lru_cache
from typing import cast

import zxingcpp
from markupsafe import Markup
from typing_extensions import Buffer

_MASK = 2
"""One of the eight patterns of ISO/IEC 18004, 7.8, by the column alone. A reader undoes whichever it is; to find the
one whose code looks best (7.8.3) takes six times as long as the code, and a city has a code on every page."""
_LIGHT = b"\xff"


@lru_cache(maxsize=1024)
def qr(address: str) -> Markup:
    """The code of an absolute address at error correction level M, its quiet zone of four modules around it.

    Without size of its own: style sheets scale it, and without one it is as large as any drawing.
    """
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=_MASK)
    image = code.to_image()
    width = image.shape[1]
    strokes = "".join(_strokes(bytes(cast(Buffer, image)), width))
    return Markup(f'<svg viewBox="0 0 {width} {width}" class="qr"><path stroke="#000" d="{strokes}"/></svg>')


def _strokes(data: bytes, width: int) -> Iterator[str]:
    """A run of dark modules is one stroke along their middle, from where the last one ended."""
    end, down = 0, 0.5
    for row in range(0, len(data), width):
        at = 0
        for dark in data[row : row + width].split(_LIGHT):
            if dark:
                yield f"m{at - end} {down:g}h{len(dark)}" if down else f"m{at - end} 0h{len(dark)}"
                at += len(dark)
                end, down = at, 0
            at += 1
        down += 1
