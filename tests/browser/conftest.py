from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import CHROMIUM, QUIET
from tests.support.site import published, serving


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, published once for all tests of the public pages."""
    return published(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def origin(site: Path) -> Iterator[str]:
    """Where a plain web server serves it."""
    with serving(site) as origin:
        yield origin


# Not for the session: while it is open, its event loop would be in the way of tests that are coroutines.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()
