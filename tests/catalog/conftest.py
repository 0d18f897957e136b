from pathlib import Path

import pytest

from tests.support.catalogue import Content


@pytest.fixture
def content(tmp_path: Path) -> Content:
    """A private copy of the minimal catalogue."""
    return Content(tmp_path / "content")
