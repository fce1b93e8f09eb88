"""How a client of `clients.py` is made ready: fetched, built, put in its place.

What goes wrong there is somebody's fault: this machine's, which has not the
tools or no way to the registry, or ours, whose client does not build or asks
for packages that do not exist. The first leaves a client out, the second must
not pass. Which it was is not guessed from what tools say, but asked: nothing is
fetched while building, and a registry from which nothing could be fetched is
asked for something else.
"""

import enum
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import clients

# Of one command, on a busy machine with a slow network.
SECONDS_MAX = 400


class Outcome(enum.Enum):
    READY = "ready"
    LEFT_OUT = "left out"
    FAILED = "failed"


def say(text):
    print(text, file=sys.stderr, flush=True)


def prepare(client):
    """Returns the outcome, and why it is none better."""
    lacking = [f"{tool.program} {tool.version}" for tool in client.tools
               if lacks(tool)]
    if lacking:
        return (Outcome.LEFT_OUT,
                f"this machine has no {' and no '.join(lacking)} or newer")
    if client.place().exists():
        return Outcome.READY, ""
    say(f"  {client.sdk}: fetching and building.")
    began = time.monotonic()
    try:
        if not _make(client):
            return Outcome.LEFT_OUT, "the registry of its packages does not answer"
    except (subprocess.SubprocessError, OSError) as error:
        return Outcome.FAILED, str(error)
    say(f"  {client.sdk}: built in {time.monotonic() - began:.0f} s.")
    return Outcome.READY, ""


def lacks(tool):
    """Returns whether this machine has no such tool, or too old a one."""
    if not shutil.which(tool.program):
        return True
    told = subprocess.run([tool.program, tool.ask], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, check=False, text=True).stdout
    return version(told) < version(tool.version)


def version(text):
    """Returns the first version in a text, as numbers; none if there is none."""
    # Maven begins with an escape sequence, which is none.
    found = re.search(r"(?<![\[\d])\d+(\.\d+)*", text)
    return [int(number) for number in found[0].split(".")] if found else []


def _make(client):
    """Builds it aside and moves it to its place, whole.

    Returns whether its packages could be had.
    """
    clients.CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=clients.CACHE) as folder:
        made = pathlib.Path(folder) / client.folder
        shutil.copytree(clients.HERE / client.folder, made)
        if not _fetch(client, made):
            return False
        _run(client.build, made)
        made.rename(client.place())
    return True


def _fetch(client, folder):
    """Returns whether all packages are there; not, if nobody answers.

    A registry that answers and has them not is an error.
    """
    try:
        _run(client.fetch, folder)
        return True
    except subprocess.SubprocessError as error:
        say(f"  {client.sdk}: {error}")
    with tempfile.TemporaryDirectory(dir=clients.CACHE) as elsewhere:
        try:
            _run(client.ask, elsewhere)
        except subprocess.SubprocessError:
            return False
    _run(client.fetch, folder)  # It may have been the network, for a moment.
    return True


def _run(commands, folder):
    for command in commands:
        subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL,
                       stdout=sys.stderr, check=True, timeout=SECONDS_MAX)
