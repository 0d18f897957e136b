"""Processor time a relayed packet costs: this relay against coturn, under coturn's own client.

Both servers relay from client to client on the loopback with the same secret. They take turns, and the medians
of the rounds are compared. Usage: python -m bench.relay [--rounds 3] [--clients 40] [--messages 3500]
"""

import argparse
import os
import re
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from consult.relay import stun

ROOT = Path(__file__).resolve().parents[1]

HOST = "127.0.0.1"
COTURN, UCLIENT = "/usr/bin/turnserver", "/usr/bin/turnutils_uclient"
REALM = "bench.example"
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
READY_SECONDS = 10.0
ROUND_SECONDS = 60.0
COUNTS = re.compile(r"tot_send_msgs=(\d+), tot_recv_msgs=(\d+)")


@dataclass(frozen=True)
class Load:
    """What the client is told to send: messages of `size` bytes, one each `interval` milliseconds and client."""

    clients: int
    messages: int
    size: int
    interval: int


@dataclass(frozen=True)
class Round:
    """One run: messages sent and received, and the server's processor seconds."""

    sent: int
    received: int
    seconds: float

    @property
    def microseconds(self) -> float:
        return self.seconds / self.received * 1e6


def relay_command(port: int, secret: str, folder: Path) -> list[str]:
    """This relay, with quotas that do not count one client's many."""
    secret_file = folder / "secret"
    secret_file.write_text(secret)
    quotas = ("--per-credential", "--per-consultation", "--per-host", "--unproven-per-host")
    options = [word for name in quotas for word in (name, "1000")]
    place = ["--host", HOST, "--port", str(port), "--realm", REALM]
    return [sys.executable, "-m", "consult.relay", *place, "--secret-file", str(secret_file), *options]


def coturn_command(port: int, secret: str, folder: Path) -> list[str]:
    """coturn as Debian ships it, UDP only, with a data base of its own."""
    return [
        COTURN, "-n", "--no-tls", "--no-dtls", "--no-cli", "--no-tcp", "--no-tcp-relay",
        "--use-auth-secret", f"--static-auth-secret={secret}", f"--realm={REALM}",
        f"--listening-ip={HOST}", f"--relay-ip={HOST}", f"--listening-port={port}", "--allow-loopback-peers",
        f"--userdb={folder / 'turndb'}", f"--pidfile={folder / 'pid'}", "--log-file=stdout",
        "--no-stdout-log",
    ]  # fmt: skip


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((HOST, 0))
        port: int = sock.getsockname()[1]
        return port


def await_binding(port: int) -> None:
    """Return when a Binding request is answered; TimeoutError after READY_SECONDS."""
    request = stun.pack(stun.Method.BINDING, stun.Class.REQUEST, secrets.token_bytes(12))
    end = time.monotonic() + READY_SECONDS
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.1)
        while time.monotonic() < end:
            sock.sendto(request, (HOST, port))
            try:
                sock.recv(2048)
                return
            except TimeoutError:
                continue
    raise TimeoutError(f"expected an answer on port {port} within {READY_SECONDS:.0f} s, none came")


@contextmanager
def running(command: Callable[[int, str, Path], list[str]], secret: str) -> Iterator[tuple[int, int]]:
    """Run a server; yields (process id, port)."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            command(port, secret, Path(folder)),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            await_binding(port)
            yield process.pid, port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(READY_SECONDS)


def processor_seconds(process: int) -> float:
    """utime + stime of a process and all its threads, from /proc/PID/stat fields 14 and 15."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def measure(command: Callable[[int, str, Path], list[str]], load: Load) -> Round:
    """One run of the client against a fresh server."""
    secret = secrets.token_hex(16)
    with running(command, secret) as (process, port):
        before = processor_seconds(process)
        client = [
            UCLIENT, "-y", "-c", "-W", secret, "-u", "bench:client", "-p", str(port), "-m", str(load.clients),
            "-n", str(load.messages), "-l", str(load.size), "-z", str(load.interval), HOST,
        ]  # fmt: skip
        output = subprocess.run(client, capture_output=True, text=True, timeout=ROUND_SECONDS).stdout
        spent = processor_seconds(process) - before
    counts = COUNTS.findall(output)
    if not counts or counts[-1][1] == "0":
        raise RuntimeError(f"expected tot_send_msgs and tot_recv_msgs from {UCLIENT}, got:\n{output[-2000:]}")
    sent, received = map(int, counts[-1])
    return Round(sent, received, spent)


def report(name: str, rounds: list[Round]) -> float:
    """Print what the rounds of one server came to; returns the median in microseconds a packet."""
    costs = [f"{one.microseconds:.2f}" for one in rounds]
    lost = sum(one.sent - one.received for one in rounds)
    total = sum(one.sent for one in rounds)
    median = statistics.median(one.microseconds for one in rounds)
    print(f"{name}: median {median:.2f} µs a packet (rounds {', '.join(costs)}), lost {lost} of {total}")
    return median


def main() -> None:
    parser = argparse.ArgumentParser(description="processor time per relayed packet, this relay and coturn")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=40)
    parser.add_argument("--messages", type=int, default=3500)
    parser.add_argument("--size", type=int, default=1000, help="bytes of a message")
    parser.add_argument("--interval", type=int, default=2, help="milliseconds between a client's messages")
    given = parser.parse_args()
    load = Load(given.clients, given.messages, given.size, given.interval)
    servers = {"relay": relay_command, "coturn": coturn_command}
    rounds: dict[str, list[Round]] = {name: [] for name in servers}
    for number in range(given.rounds):
        order = list(servers) if number % 2 == 0 else list(servers)[::-1]
        for name in order:
            rounds[name].append(measure(servers[name], load))
    print(f"{load}")
    relay, coturn = (report(name, rounds[name]) for name in servers)
    print(f"relay processor time per packet / coturn: {relay / coturn:.2f}")


if __name__ == "__main__":
    main()
