"""QR codes (ISO/IEC 18004) as SVG within a page."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import cast

import zxingcpp
from markupsafe import Markup
from typing_extensions import Buffer

_DARK = re.compile(rb"\x00+")


@lru_cache(maxsize=1024)
def qr(address: str) -> Markup:
    """The code of an absolute address at error correction level M, its quiet zone of four modules around it.

    Without size of its own: style sheets scale it, and without one it is as large as any drawing.
    """
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = code.to_image()
    width, strokes, x, y = image.shape[1], [], 0, 0.0
    for row, line in enumerate(_rows(bytes(cast(Buffer, image)), width)):
        for run in _DARK.finditer(line):
            # A run of dark modules is one stroke along their middle, from where the last one ended.
            strokes.append(f"m{run.start() - x} {row + 0.5 - y:g}h{run.end() - run.start()}")
            x, y = run.end(), row + 0.5
    return Markup(
        f'<svg viewBox="0 0 {width} {width}" class="qr"><path stroke="#000" d="{"".join(strokes)}"/></svg>'
    )


def _rows(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))
