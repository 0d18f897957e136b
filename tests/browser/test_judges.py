"""What outside judges say of the public pages: the Nu HTML checker of all, Lighthouse of the four that matter most."""

from pathlib import Path

import pytest

from tests.support.judges import html_errors, lighthouse
from tests.support.site import GUIDE, HOME, SEARCH, STATION


def test_the_nu_checker_finds_no_error_on_any_page_in_any_mode(site: Path) -> None:
    assert html_errors(site.resolve()) == []


@pytest.mark.parametrize("address", [HOME, SEARCH, GUIDE, STATION])
def test_lighthouse_gives_full_marks_but_for_speed(origin: str, address: str) -> None:
    """Speed is a bench's matter (bench/pages.py): it depends on how busy the machine is."""
    scores, short = lighthouse(origin + address, "accessibility", "best-practices", "seo")
    assert (scores, short) == ({"accessibility": 1, "best-practices": 1, "seo": 1}, [])
