"""Web servers in front, run as deploy/ sets them up but for ports, places and the certificate."""

import http.client
import os
import select
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DEPLOY = Path(__file__).parents[2] / "deploy"
HOST = "127.0.0.1"
NAME = "kezhong.example.gov.cn"
PLACE = "/srv/kezhong"
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
START_WITHIN = 20.0
# Not every user looks for commands there.
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"

_CADDY = f"""{{
	admin off
	default_bind {HOST}
}}
"""
# One process with this user's rights; every file that it writes lies in its own directory.
_NGINX = f"""load_module {BROTLI};
daemon off;
master_process off;
pid nginx.pid;
events {{
}}
http {{
	access_log off;
	client_body_temp_path body;
	proxy_temp_path proxy;
	fastcgi_temp_path fastcgi;
	scgi_temp_path scgi;
	uwsgi_temp_path uwsgi;
	include site.conf;
}}
"""


@dataclass(frozen=True)
class Answer:
    """`headers` have lower-case names; one that came twice has both values, with a comma."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Front:
    """A web server that answers for NAME at `port`; `plain` is the port that leads to https, if it has one."""

    port: int
    tls: ssl.SSLContext | None
    plain: int | None = None

    @property
    def origin(self) -> str:
        return f"{'https' if self.tls else 'http'}://{HOST}:{self.port}"

    def connect(self) -> http.client.HTTPConnection:
        """A connection that is kept for several requests."""
        if self.tls:
            return http.client.HTTPSConnection(HOST, self.port, timeout=10, context=self.tls)
        return http.client.HTTPConnection(HOST, self.port, timeout=10)

    def ask(self, target: str, method: str = "GET", body: bytes | None = None, /, **headers: str) -> Answer:
        """The answer to exactly this target; `Accept_Encoding="br"` is a header."""
        connection = self.connect()
        try:
            return ask(connection, target, method, body, **headers)
        finally:
            connection.close()


def ask(
    connection: http.client.HTTPConnection,
    target: str,
    method: str = "GET",
    body: bytes | None = None,
    /,
    **headers: str,
) -> Answer:
    """As Front.ask, on a connection that stays open."""
    connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    told = {"Host": NAME} | {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        told["Content-Length"] = str(len(body))
    for name, value in told.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    came: dict[str, str] = {}
    for name, value in answer.getheaders():
        name = name.lower()
        came[name] = f"{came[name]}, {value}" if name in came else value
    return Answer(answer.status, came, answer.read())


@contextmanager
def caddy(home: Path, site: Path, upstream: int = 1) -> Iterator[Front]:
    """Caddy over `site`, the desks at the port `upstream`; without TLS, which is all its own."""
    front = Front(_free_port(), None)
    changes = {
        f"\n{NAME} {{\n": f"\nhttp://{NAME}:{front.port} {{\n",
        f"{PLACE}/site": str(site),
        f"{HOST}:8080": f"{HOST}:{upstream}",
    }
    (home / "Caddyfile").write_text(_CADDY + _changed("Caddyfile", changes))
    environment = os.environ | {"HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    settings = ["--config", "Caddyfile", "--adapter", "caddyfile"]
    _check(["caddy", "validate", *settings], home, environment, "Valid configuration")
    with _running(["caddy", "run", *settings], home, environment, front):
        yield front


@contextmanager
def nginx(home: Path, site: Path, upstream: int = 1) -> Iterator[Front]:
    """nginx over `site`, the desks at the port `upstream`; with TLS, and the port that leads there."""
    certificate, key = _certificate(home)
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    front = Front(_free_port(), context, _free_port())
    changes = {
        "\tlisten 80;\n\tlisten [::]:80;\n": f"\tlisten {HOST}:{front.plain};\n",
        "\tlisten 443 ssl http2;\n\tlisten [::]:443 ssl http2;\n": f"\tlisten {HOST}:{front.port} ssl http2;\n",
        f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(certificate),
        f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(key),
        f"{PLACE}/site": str(site),
        f"{HOST}:8080": f"{HOST}:{upstream}",
    }
    (home / "site.conf").write_text(_changed("nginx.conf", changes))
    (home / "nginx.conf").write_text(_NGINX)
    command = [NGINX, "-e", "error.log", "-p", str(home), "-c", "nginx.conf"]
    environment = dict(os.environ)
    said = _check([*command, "-t"], home, environment, "test is successful").splitlines()
    # Newer ones would rather have "http2 on;", which 1.22 does not know.
    assert not [line for line in said if "[warn]" in line and "http2" not in line], said
    with _running(command, home, environment, front):
        yield front


SERVERS = {"caddy": caddy, "nginx": nginx}


def _changed(file: str, changes: Mapping[str, str]) -> str:
    """A file of deploy/ with what an operator puts in; each must be there."""
    text = (DEPLOY / file).read_text("utf-8")
    for old, new in changes.items():
        assert old in text, f"{file} has no {old!r}"
        text = text.replace(old, new)
    return text


def _check(command: list[str], home: Path, environment: Mapping[str, str], expected: str) -> str:
    told = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
    said = told.stdout + told.stderr
    assert told.returncode == 0 and expected in said, said
    return said


@contextmanager
def _running(command: list[str], home: Path, environment: Mapping[str, str], front: Front) -> Iterator[None]:
    """The server, from when it answers; an AssertionError shows its log where that does not come about."""
    log = home / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=home, env=environment, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + START_WITHIN
        while not _listens(front.port):
            alive = process.poll() is None and time.monotonic() < deadline
            assert alive, log.read_text()
        yield
    finally:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), 1).close()
    except OSError:
        # The short wait keeps this from taking a core.
        select.select([], [], [], 0.02)
        return False
    return True


def _certificate(home: Path) -> tuple[Path, Path]:
    """A certificate of NAME that vouches for itself, and its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]),
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = home / "certificate.pem", home / "key.pem"
    files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        port: int = sock.getsockname()[1]
        return port
