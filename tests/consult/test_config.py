from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from consult.config import BEIJING, Config, ConfigError, is_loopback, load

OUTSIDE = "https://kezhong.example"


def settings(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(text, "utf-8")
    return path


def test_demo_mode_needs_nothing_else() -> None:
    config = load(None, demo=True)
    assert (config.host, config.port, config.relay_port) == ("127.0.0.1", 8080, 0)
    assert config.absence_limit == timedelta(seconds=120)
    assert not config.secure


def test_the_relay_has_its_own_port_unless_told_otherwise() -> None:
    assert load(None, origins=(OUTSIDE,)).relay_port == 3478
    assert load(None, demo=True, relay={"port": 4000}).relay_port == 4000


def test_a_file_is_read_and_the_command_line_goes_before_it(tmp_path: Path) -> None:
    path = settings(
        tmp_path,
        f'origins = ["{OUTSIDE}"]\nport = 9000\nsite = "/srv/site"\nabsence_limit = 60\n'
        '[relay]\nhost = "0.0.0.0"\nsecret = "a sample secret, long"\n',
    )
    config = load(path, port=9001, site=None, database=None, relay=None)
    assert (config.port, config.site, config.absence_limit.seconds) == (9001, Path("/srv/site"), 60)
    assert config.relay.secret == "a sample secret, long"
    assert config.secure


def test_an_override_of_a_table_keeps_its_other_settings(tmp_path: Path) -> None:
    path = settings(tmp_path, f'origins = ["{OUTSIDE}"]\n[relay]\nrealm = "example"\nport = 4000\n')
    relay = load(path, relay={"port": 5000}).relay
    assert (relay.realm, relay.port) == ("example", 5000)
    assert load(settings(tmp_path, f'origins = ["{OUTSIDE}"]\n'), relay={"port": 5000}).relay.port == 5000


def test_origins_are_kept_as_browsers_send_them() -> None:
    told = ("HTTPS://Kezhong.Example:443", "http://kezhong.example:80", "https://kezhong.example:8443")
    kept = ("https://kezhong.example", "http://kezhong.example", "https://kezhong.example:8443")
    assert load(None, origins=told).origins == kept


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"demo": True, "host": "0.0.0.0"}, "loopback"),
        ({"demo": True, "host": "192.0.2.1"}, "loopback"),
        ({"demo": True, "host": "kezhong.example"}, "loopback"),
        ({"demo": True, "relay": {"host": "0.0.0.0"}}, "loopback"),
        ({}, "origins"),
        ({"origins": []}, "origins"),
        ({"origins": ["kezhong.example"]}, "origins.0"),
        ({"origins": ["https://kezhong.example/"]}, "origins.0"),
        ({"origins": ["ftp://kezhong.example"]}, "origins.0"),
        ({"origins": ["https://a.example b"]}, "origins.0"),
        ({"demo": True, "port": 65536}, "port"),
        ({"demo": True, "port": -1}, "port"),
        ({"demo": True, "relay": {"port": 65536}}, "relay.port"),
        ({"demo": True, "relay": {"secret": "too short"}}, "relay.secret"),
        ({"demo": True, "relay": {"prot": 1}}, "relay.prot"),
        ({"demo": True, "databse": "sqlite://"}, "databse"),
        ({"demo": True, "ice_transport_policy": "none"}, "ice_transport_policy"),
        ({"demo": True, "absence_limit": "soon"}, "absence_limit"),
    ],
)
def test_settings_that_will_not_do_are_named(told: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigError, match="command line") as error:
        load(None, **told)
    assert named in str(error.value)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    path = settings(tmp_path, 'demo = true\nport = -1\ncolour = "teal"\n')
    with pytest.raises(ConfigError) as error:
        load(path)
    assert str(error.value).startswith(f"{path}:\n")
    assert "  port: " in str(error.value)
    assert "  colour: " in str(error.value)


@pytest.mark.parametrize("data", [b"port = ", b"= 1", b'site = "\xff"', b"[relay\n"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigError, match=r"settings\.toml"):
        load(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nothing\.toml"):
        load(tmp_path / "nothing.toml", demo=True)


@pytest.mark.parametrize(
    ("origins", "secure"),
    [
        ([OUTSIDE], True),
        ([OUTSIDE, "https://other.example:8443"], True),
        ([OUTSIDE, "http://kezhong.example"], False),
        (["http://kezhong.example"], False),
    ],
)
def test_cookies_are_for_tls_alone_where_every_origin_is(origins: list[str], secure: bool) -> None:
    assert load(None, origins=origins).secure is secure


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)
    assert Config(demo=True, host=host)


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "192.0.2.1", "", "kezhong.example", "localhost.example", "127.0.0.1.example", "127.1"],
)
def test_no_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_settings_do_not_change() -> None:
    config = load(None, demo=True)
    with pytest.raises(ValidationError, match="frozen"):
        setattr(config, "port", 1)  # noqa: B010


def test_the_day_is_beijings() -> None:
    assert BEIJING.utcoffset(None) == timedelta(hours=8)
