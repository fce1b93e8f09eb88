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

    `tools` are what building and running it take, `build` the commands that
    make it in a copy of its folder, `run` the command that runs it there. Where
    there is nothing to build it runs where it stands, by the tests' own Python.

    `tells_the_status` says whether the SDK tells the HTTP status and request id
    of an error, `corrects_its_clock` whether it learns from a refusal how wrong
    its clock is, and tries again.
    """

    folder: str
    sdk: str
    tools: tuple
    build: tuple
    run: tuple
    tells_the_status: bool = True
    corrects_its_clock: bool = True

    def _sources(self):
        return sorted(path for path in (HERE / self.folder).rglob("*")
                      if path.is_file())

    def place(self):
        """Returns the folder where it is run, once it was built."""
        if not self.build:
            return HERE / self.folder
        digest = hashlib.sha256(repr(self.build).encode())
        for path in self._sources():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        return CACHE / f"{self.folder}-{digest.hexdigest()[:16]}"


# Copies the jars that a pom.xml names, and checks each and that there is no
# other.
_JARS = (
    ("mvn", "--quiet", "--batch-mode",
     "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies",
     "-DoutputDirectory=jars"),
    ("sh", "-c", "cd jars && sha256sum *.jar | diff ../jars.sha256 -"),
)
_JAVA_BUILD = _JARS + (("javac", "--class-path", "jars/*", "Runner.java"),)
# A sandbox numbers processes anew, which confuses those who share /tmp.
_JAVA_RUN = ("java", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1",
             "--class-path", "jars/*:.", "Runner")
_JAVA_TOOLS = (Tool("javac", "17"), Tool("mvn", "3.6"))
_GO_BUILD = (("go", "build", "-o", "client", "."),)

CLIENTS = {client.folder: client for client in [
    Client(folder="aws_cli", sdk="AWS CLI",
           tools=(), build=(), run=("python", "client.py"),
           tells_the_status=False, corrects_its_clock=False),
    Client(folder="python", sdk="AWS SDK for Python, boto3",
           tools=(), build=(), run=("python", "client.py"),
           corrects_its_clock=False),
    Client(
        folder="javascript", sdk="AWS SDK for JavaScript v3",
        tools=(Tool("node", "18"), Tool("npm", "8")),
        build=(("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"),),
        run=("node", "client.mjs")),
    Client(folder="go_v2", sdk="AWS SDK for Go v2",
           tools=(Tool("go", "1.24", "version"),), build=_GO_BUILD, run=("./client",)),
    Client(folder="go_v1", sdk="AWS SDK for Go v1",
           tools=(Tool("go", "1.19", "version"),), build=_GO_BUILD, run=("./client",),
           corrects_its_clock=False),
    Client(folder="java_v2", sdk="AWS SDK for Java v2",
           tools=_JAVA_TOOLS, build=_JAVA_BUILD, run=_JAVA_RUN),
    Client(folder="java_v1", sdk="AWS SDK for Java v1",
           tools=_JAVA_TOOLS, build=_JAVA_BUILD, run=_JAVA_RUN),
    Client(folder="rust", sdk="AWS SDK for Rust",
           tools=(Tool("cargo", "1.94.1"),),
           # The crates are compiled once for all versions of the program.
           build=(("cargo", "build", "--quiet", "--locked",
                   "--target-dir", "../../rust-target"),
                  ("cp", "../../rust-target/debug/client", ".")),
           run=("./client",)),
]}
