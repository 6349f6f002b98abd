"""A PostgreSQL of our own, to be stopped and started at will."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


def programs() -> Path | None:
    """Where initdb and pg_ctl are: on the path, or where Debian keeps the newest version."""
    found = [Path(shutil.which("pg_ctl")).parent] if shutil.which("pg_ctl") else []
    return next(iter([*found, *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]), None)


@dataclass
class Cluster:
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """With what production has: every commit is on the disk before it is acknowledged (PostgreSQL's default)."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self.run("pg_ctl", "start", "-w", "-D", self.folder / "data", "-l", self.folder / "log", "-o", options)

    def crash(self) -> None:
        """As if the power went: no checkpoint, every connection cut."""
        self.run("pg_ctl", "stop", "-m", "immediate", "-D", self.folder / "data")

    def run(self, program: str, *arguments: object) -> None:
        """PostgreSQL refuses to run as root: then it runs as the system's user postgres."""
        user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        command = (programs() / program, *map(str, arguments))
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, check=True, cwd=self.folder, **quiet, **user)


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """In a folder that its user can reach, which pytest's are not; gone afterwards."""
    with tempfile.TemporaryDirectory() as name, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        cluster = Cluster(Path(name), probe.getsockname()[1])
        probe.close()
        if os.geteuid() == 0:
            shutil.chown(name, "postgres", "postgres")
        cluster.run("initdb", "-D", cluster.folder / "data", "-U", "postgres", "--auth=trust", "--encoding=UTF8")
        cluster.start()
        try:
            yield cluster
        finally:
            with suppress(subprocess.CalledProcessError):  # a test may have stopped it
                cluster.crash()
