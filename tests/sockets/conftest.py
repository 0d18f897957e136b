import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.service import Desks, Place, desks_of, make_place, run_service


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, dict[str, str]]:
    """A place with a published site and everybody signed in, to be copied; the tokens by login name."""
    return asyncio.run(make_place(tmp_path_factory.mktemp("furnished") / "place"))


@pytest.fixture
def place(furnished: tuple[Place, dict[str, str]], tmp_path: Path) -> Place:
    """A place of the test's own."""
    return furnished[0].copy(tmp_path / "place")


@pytest.fixture
def tokens(furnished: tuple[Place, dict[str, str]]) -> dict[str, str]:
    return furnished[1]


@pytest.fixture
async def desks(place: Place, tokens: dict[str, str]) -> AsyncIterator[Desks]:
    """The desks of a service of the test's own."""
    async with run_service(place) as service, desks_of(service, tokens) as desks:
        yield desks
