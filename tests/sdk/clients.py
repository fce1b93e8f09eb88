"""The clients under test: what each is made of, and how it is built and run.

`install` builds them; the tests run what it built. A client's folder in the
cache is named after the bytes of its sources, so that a test never runs a
program made of others.
"""

import dataclasses
import hashlib
import os
import pathlib
import pwd

# Not $HOME, which tests do not have.
CACHE = pathlib.Path(pwd.getpwuid(os.getuid()).pw_dir) / ".cache/holdline/sdk"

HERE = pathlib.Path(__file__).parent


@dataclasses.dataclass(frozen=True)
class Tool:
    """A program that must be on the machine, and how old it may be."""

    program: str
    version: str
    ask: str = "--version"


@dataclasses.dataclass(frozen=True)
class Client:
    """A program in a folder beside this file.

    `tools` are what building and running it take. `fetch` are the commands that
    have its packages from their registry, as they are pinned, in a copy of its
    folder; `ask`, in an empty folder, those that succeed if the registry answers
    anything at all. `build` make it of what was fetched, without a network, and
    `run` runs it there. Where there is nothing to build it runs where it stands,
    by the tests' own Python.

    `tells_the_status` says whether the SDK tells the HTTP status and request id
    of an error, `corrects_its_clock` whether it learns from a refusal how wrong
    its clock is, and tries again.
    """

    folder: str
    sdk: str
    run: tuple
    tools: tuple = ()
    fetch: tuple = ()
    ask: tuple = ()
    build: tuple = ()
    tells_the_status: bool = True
    corrects_its_clock: bool = True

    def _sources(self):
        return sorted(path for path in (HERE / self.folder).rglob("*")
                      if path.is_file())

    def place(self):
        """Returns the folder where it is run, once it was built."""
        if not self.build:
            return HERE / self.folder
        digest = hashlib.sha256(repr((self.fetch, self.build)).encode())
        for path in self._sources():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        return CACHE / f"{self.folder}-{digest.hexdigest()[:16]}"


_MAVEN = ("mvn", "--quiet", "--batch-mode")
_MAVEN_DEPENDENCY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:"
_JAVA = {
    "tools": (Tool("javac", "17"), Tool("mvn", "3.6")),
    "fetch": ((*_MAVEN, _MAVEN_DEPENDENCY + "copy-dependencies",
               "-DoutputDirectory=jars"),),
    "ask": ((*_MAVEN, "-Dmaven.repo.local=repository", _MAVEN_DEPENDENCY + "get",
             "-Dartifact=org.slf4j:slf4j-api:1.7.36:pom", "-Dtransitive=false"),),
    # Checks each jar, and that there is no other.
    "build": (("sh", "-c", "cd jars && sha256sum *.jar | diff ../jars.sha256 -"),
              ("javac", "--class-path", "jars/*", "Runner.java")),
    # A sandbox numbers processes anew, which confuses those who share /tmp.
    "run": ("java", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1",
            "--class-path", "jars/*:.", "Runner"),
}


def _go(version):
    return {
        "tools": (Tool("go", version, "version"),),
        "fetch": (("go", "mod", "download"),),
        "ask": (("go", "list", "-m", "github.com/aws/smithy-go@latest"),),
        "build": (("env", "GOPROXY=off", "go", "build", "-o", "client", "."),),
        "run": ("./client",),
    }


CLIENTS = {client.folder: client for client in [
    Client(folder="aws_cli", sdk="AWS CLI", run=("python", "client.py"),
           tells_the_status=False, corrects_its_clock=False),
    Client(folder="python", sdk="AWS SDK for Python, boto3",
           run=("python", "client.py"), corrects_its_clock=False),
    Client(
        folder="javascript", sdk="AWS SDK for JavaScript v3",
        tools=(Tool("node", "18"), Tool("npm", "8")),
        fetch=(("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"),),
        ask=(("npm", "view", "--cache=cache", "--fetch-retries=0", "tslib",
              "version"),),
        build=(("node", "client.mjs"),),  # Loads all, and has nothing to do.
        run=("node", "client.mjs")),
    Client(folder="go_v2", sdk="AWS SDK for Go v2", **_go("1.24")),
    Client(folder="go_v1", sdk="AWS SDK for Go v1", **_go("1.19"),
           corrects_its_clock=False),
    Client(folder="java_v2", sdk="AWS SDK for Java v2", **_JAVA),
    Client(folder="java_v1", sdk="AWS SDK for Java v1", **_JAVA),
    Client(folder="rust", sdk="AWS SDK for Rust",
           tools=(Tool("cargo", "1.94.1"),),
           fetch=(("cargo", "fetch", "--quiet", "--locked",
                   "--target", "host-tuple"),),
           ask=(("cargo", "init", "--quiet", "--vcs", "none", "--name", "ask"),
                ("cargo", "add", "--quiet", "tokio")),
           # The crates are compiled once for all versions of the program.
           build=(("cargo", "build", "--quiet", "--locked", "--offline",
                   "--target-dir", "../../rust-target"),
                  ("cp", "../../rust-target/debug/client", ".")),
           run=("./client",)),
]}
