"""Everything the service is told from outside, checked once and passed down."""

import ipaddress
import tomllib
from collections.abc import Mapping
from datetime import timedelta, timezone
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

TURN_PORT = 3478
BEIJING = timezone(timedelta(hours=8), "UTC+8")
"""The zone of the calendar day; China keeps no summer time."""

DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def _as_browsers_send(origin: str) -> str:
    scheme, _, rest = origin.lower().partition("://")
    return f"{scheme}://{rest.removesuffix(DEFAULT_PORTS[scheme])}"


Origin = Annotated[
    str, StringConstraints(pattern=r"^(?i:https?)://[^/\s]+$"), AfterValidator(_as_browsers_send)
]
"""Scheme, host and port as browsers write them: lower case, no default port (RFC 6454, 6.2)."""


class ConfigError(Exception):
    """Settings that cannot be used; the text is for the operator."""


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RelaySettings(Settings):
    """The embedded TURN server. `advertised` is the host that browsers are given; None: the page's own host.

    No `port` is TURN's own (RFC 8656), or in demo mode any free one.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] | None = None
    advertised: str | None = None
    secret: Annotated[str, StringConstraints(min_length=16)] | None = None
    realm: str = "kezhong"


class Config(Settings):
    """One service. `origins` are the addresses that browsers use for it; ports of 0 let the system choose."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    origins: tuple[Origin, ...] = ()
    site: Path = Path("site")
    database: str = "sqlite:///var/kezhong.sqlite3"
    demo: bool = False
    ice_transport_policy: Literal["all", "relay"] = "all"
    absence_limit: timedelta = timedelta(seconds=120)
    sign_in_lifetime: timedelta = timedelta(hours=12)
    relay: RelaySettings = RelaySettings()

    @model_validator(mode="after")
    def _demo_stays_at_home(self) -> Self:
        if self.demo and not (is_loopback(self.host) and is_loopback(self.relay.host)):
            raise ValueError(
                f"demo mode has sample accounts: host must be a loopback address, not {self.host}"
            )
        if not self.demo and not self.origins:
            raise ValueError("origins: expected at least one address such as https://kezhong.example.gov.cn")
        return self

    @property
    def relay_port(self) -> int:
        if self.relay.port is not None:
            return self.relay.port
        return 0 if self.demo else TURN_PORT

    @property
    def secure(self) -> bool:
        """Whether browsers reach the service over TLS, so that its cookies are never sent without."""
        return bool(self.origins) and all(origin.startswith("https:") for origin in self.origins)


def load(path: Path | None, **overrides: Any) -> Config:
    """Settings from a TOML file, then `overrides` (None means not given). Raises ConfigError."""
    try:
        told = {} if path is None else tomllib.loads(path.read_text("utf-8"))
        return Config.model_validate(_merged(told, overrides))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None
    except ValidationError as error:
        faults = (
            f"  {'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}"
            for e in error.errors(include_url=False)
        )
        raise ConfigError(f"{path or 'command line'}:\n" + "\n".join(faults)) from None


def _merged(told: dict[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in overrides.items() if value is not None}
    tables = {key: told[key] | value for key, value in given.items() if isinstance(told.get(key), dict)}
    return told | given | tables


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
