"""A real PostgreSQL for the tests of this machine: on a unix socket, thrown away afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """The folder of `initdb` and `postgres`, newest version first; None where not installed."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return versions[0].parent if versions else None


@contextmanager
def server() -> Iterator[str]:
    """The URL of an empty database."""
    programs = binaries()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    data = folder / "data"
    try:
        # initdb refuses to run as root.
        as_user = []
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
            as_user = ["runuser", "-u", "postgres", "--"]
        initdb = [programs / "initdb", "-D", data, "-U", "tracker", "-A", "trust", "-N"]
        subprocess.run([*as_user, *initdb, "-E", "UTF8"], check=True, capture_output=True, cwd="/")
        settings = ["-h", "", "-k", folder, "-c", "fsync=off"]
        start = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        options = " ".join(f"'{setting}'" for setting in settings)
        subprocess.run([*as_user, *start, "-o", options, "start"], check=True, cwd="/",
                       stdout=subprocess.DEVNULL)  # fmt: skip
        try:
            yield f"postgresql://tracker@/postgres?host={folder}"
        finally:
            stop = [programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
            subprocess.run([*as_user, *stop], check=True, capture_output=True, cwd="/")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
