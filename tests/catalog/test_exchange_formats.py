"""The table of formats: what it promises is what is written."""

import io
import zipfile

import pytest

from catalog.exchange.formats import FORMATS
from tests.support.exports import catalogue


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_writes_the_files_that_it_names(name: str) -> None:
    files = FORMATS[name].write(catalogue())
    assert list(files) == list(FORMATS[name].files)
    assert all(files.values())


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_catalogue_gives_the_same_bytes(name: str) -> None:
    assert FORMATS[name].write(catalogue()) == FORMATS[name].write(catalogue())


def test_no_two_formats_write_the_same_file() -> None:
    names = [file for each in FORMATS.values() for file in each.files]
    assert len(set(names)) == len(names)


def test_every_format_is_explained_in_sentences() -> None:
    for each in FORMATS.values():
        assert each.title
        assert each.readers.endswith("。")
        assert all(holds.endswith("。") for holds in each.files.values())


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_carries_the_sentence_about_a_sample(name: str) -> None:
    files = FORMATS[name].write(catalogue()).values()
    assert any(catalogue().district.illustrative in text for data in files for text in texts(data))


def texts(data: bytes) -> list[str]:
    """The text of a file; of a workbook the text of each part."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return [data.decode()]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return [package.read(part).decode() for part in package.namelist()]
