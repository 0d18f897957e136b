"""The operator's command: what it refuses, how it says so, and the accounts it adds."""

import io
import socket
import sys
from pathlib import Path

import pytest

from consult.__main__ import main
from consult.store import records
from consult.store.database import open_database
from tests.support.service import STATION, publish_content

PERSON = ("--name", "示例·新来", "--number", "S008", "--role", "social_worker")


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/kezhong.sqlite3"


def site_settings(database: str) -> str:
    """A settings file beside the database, with a published site."""
    home = Path(database.removeprefix("sqlite:///")).parent
    if not (home / "site").exists():
        publish_content(home / "site")
    settings = home / "account.toml"
    settings.write_text(f'origins = ["https://kezhong.example"]\nsite = "{home}/site"\n')
    return str(settings)


def add(database: str, monkeypatch: pytest.MonkeyPatch, *told: str, password: str = "ten letters") -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    return main(
        ["--config", site_settings(database), "--database", database, "add-account", "zhan8", *PERSON, *told]
    )


def test_an_account_is_added_with_a_hash(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(database, monkeypatch, "--place", STATION) == 0
    assert "zhan8 may sign in at /desk/station/" in capsys.readouterr().out
    engine = open_database(database)
    with engine.begin() as tx:
        account = records.account_by_login(tx, "zhan8")
    engine.dispose()
    assert account is not None
    assert (account.person.name, account.person.place, account.sample) == ("示例·新来", STATION, False)
    assert account.password_hash.startswith("$argon2id$")


def test_a_login_name_is_taken_once(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [add(database, monkeypatch, "--place", STATION) for _ in range(2)] == [0, 2]
    assert "login: zhan8 is taken" in capsys.readouterr().err


@pytest.mark.parametrize(
    "place", ["990100001", "99010000100x", "", "999999999999", "９９０１００００１００１"]
)
def test_a_place_fits_the_role(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    assert add(database, monkeypatch, "--place", place) == 2
    assert (
        f"needs an area code of 12 digits from the published catalogue, came {place}"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("option", "value"), [("--name", " "), ("--number", ""), ("login", "Zhan 8"), ("login", "x" * 65)]
)
def test_what_nobody_could_sign_in_with_or_read_is_refused(
    database: str, capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    login, told = (value, ()) if option == "login" else ("zhan8", (option, value))
    command = ["--config", site_settings(database), "--database", database, "add-account", login, *PERSON]
    assert main([*command, "--place", STATION, *told]) == 2
    assert f"{option}: expected" in capsys.readouterr().err


def test_a_database_without_its_driver_is_named(capsys: pytest.CaptureFixture[str], database: str) -> None:
    command = ["--config", site_settings(database), "--database", "mysql+pymysql://u@h/d", "serve", "--demo"]
    assert main(command) == 1
    assert "driver is not installed" in capsys.readouterr().err


def test_a_password_has_its_length(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(database, monkeypatch, "--place", STATION, password="nine char") == 2
    assert "at least 10 characters, came 9" in capsys.readouterr().err


def test_demo_mode_is_refused_away_from_home(
    tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('host = "0.0.0.0"\n')
    assert main(["--config", str(settings), "--database", database, "serve", "--demo"]) == 2
    assert "host must be a loopback address, not 0.0.0.0" in capsys.readouterr().err


def test_without_origins_or_demo_mode_there_is_no_service(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--database", database, "serve"]) == 2
    assert "origins: expected at least one address" in capsys.readouterr().err


def test_without_a_release_the_service_says_what_to_do(
    tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--database", database, "serve", "--demo", "--site", str(tmp_path / "site")]) == 1
    assert "run build.py publish first" in capsys.readouterr().err


def test_a_port_that_is_taken_is_named(
    tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    publish_content(tmp_path / "site")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = ["serve", "--demo", "--port", str(port), "--site", str(tmp_path / "site")]
        assert main(["--database", database, *told]) == 1
    error = capsys.readouterr().err
    assert str(port) in error
    assert "--port" in error


def test_a_database_that_cannot_be_opened_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish_content(tmp_path / "site")
    (tmp_path / "folder").mkdir()
    told = ["--database", f"sqlite:///{tmp_path}/folder", "serve", "--demo", "--port", "0"]
    assert main([*told, "--site", str(tmp_path / "site")]) == 1
    assert "unable to open database file" in capsys.readouterr().err
