"""The list of seeded faults, and what is wrong with the list itself."""

import dataclasses
import pathlib
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIST = pathlib.Path(__file__).resolve().with_name("faults.toml")


@dataclasses.dataclass(frozen=True)
class Fault:
    """One change of one source that a test has to notice."""

    name: str
    file: str
    text: str
    replacement: str
    tests: tuple

    def applied_to(self, source):
        return source.replace(self.text, self.replacement)

    def complaint(self, root=ROOT):
        """Says why the fault cannot be tried, or nothing."""
        path = root / self.file
        if not path.is_file():
            return f"{self.name}: there is no {self.file}"
        found = path.read_text().count(self.text)
        if found != 1:
            return f"{self.name}: its text occurs {found} times in {self.file}"
        if self.text == self.replacement:
            return f"{self.name}: the replacement changes nothing"
        if not self.tests:
            return f"{self.name}: no test is named"
        unknown = [test for test in self.tests if not _is_declared(root, test)]
        return f"{self.name}: there is no {unknown[0]}" if unknown else ""


def _is_declared(root, target):
    """Whether the BUILD file of a target, `//folder:name`, has its name."""
    folder, _, name = target.removeprefix("//").partition(":")
    build = root / folder / "BUILD"
    return build.is_file() and f'"{name}"' in build.read_text()


def load(text=None):
    """Returns the faults in the order of the list."""
    entries = tomllib.loads(text if text is not None else LIST.read_text())
    return [Fault(name, entry["file"], entry["text"], entry["replacement"],
                  tuple(entry["tests"])) for name, entry in entries.items()]
