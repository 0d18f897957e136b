"""What web servers send as it lies there."""

import gzip

import brotli  # type: ignore[import-untyped]
import pytest

from catalog.compress import ONE_PACKET, compressed

TEXT = "带齐材料，当场受理。".encode() * 100


def test_a_text_has_both_forms_beside_it() -> None:
    files = compressed("items/a.html", TEXT)
    assert list(files) == ["items/a.html", "items/a.html.br", "items/a.html.gz"]
    assert files["items/a.html"] == brotli.decompress(files["items/a.html.br"]) == TEXT
    assert gzip.decompress(files["items/a.html.gz"]) == TEXT
    assert max(len(files["items/a.html.br"]), len(files["items/a.html.gz"])) < len(TEXT) / 10


def test_the_same_bytes_come_out_at_any_time() -> None:
    first = compressed("a.css", TEXT)
    # RFC 1952, 2.3.1: the time of a file, which is none here.
    assert first["a.css.gz"][4:8] == bytes(4)
    assert compressed("a.css", TEXT) == first


@pytest.mark.parametrize(
    ("path", "data"), [("a.html", b"x" * ONE_PACKET), ("catalog.xlsx", TEXT), ("a.png", TEXT)]
)
def test_what_gains_nothing_is_left_as_it_is(path: str, data: bytes) -> None:
    assert compressed(path, data) == {path: data}
