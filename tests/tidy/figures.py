"""The shape of the house in figures: rooms, arrows, functions, classes, words.

    python3 tests/tidy/figures.py                     the tree as it stands
    python3 tests/tidy/figures.py 195fb2d HEAD        two commits, side by side
    python3 tests/tidy/figures.py --touched COMMIT    what one change touched

Counts what is delivered: C++ under server/ and client/, without tests and what
only they use. A room is a folder; an arrow says that a file of the one includes
a file of the other.
"""

import argparse
import collections
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

import functions
import source_tree

_ROOT = source_tree.root()
_FOR_TESTS = re.compile(
    r"(^|/)(testing|testdata)/|(^|/)test_\w+\.(h|cc)$"
    r"|_(test|harness|conformance\w*|fuzzer|benchmark|walk|samples)\.(h|cc)$"
    r"|(^|/)faulty_\w+\.(h|cc)$")
_RIDDLE = re.compile(r"// (What|Who|How|Whether|Which|Where|Why|When)\b")
_INCLUDE = re.compile(r'#include "([^"]+)"')
_CLASS = re.compile(r"^(\s*)(?:class|struct) (\w+)[^;]*\{$")
_LARGEST = 5


def is_production(path):
    """Whether a path, relative to the root, is C++ that is delivered."""
    return (path.startswith(("server/", "client/"))
            and path.endswith((".h", ".cc")) and not _FOR_TESTS.search(path))


def sources(root):
    """Returns the text of each delivered file by its path."""
    paths = (str(path.relative_to(root)) for folder in ("server", "client")
             for path in sorted((root / folder).rglob("*")))
    return {path: (root / path).read_text() for path in paths
            if is_production(path)}


def room_of(path):
    return path.rpartition("/")[0]


def arrows(files):
    """Returns which room includes which others; programs may include all."""
    found = collections.defaultdict(set)
    for path, text in files.items():
        if "\nint main(" in text:
            continue
        for included in _INCLUDE.findall(text):
            if included in files and room_of(included) != room_of(path):
                found[room_of(path)].add(room_of(included))
    return found


def reachable(found, room):
    """Returns the rooms that arrows lead to from `room`."""
    seen, ahead = set(), [room]
    while ahead:
        for further in found.get(ahead.pop(), ()):
            if further not in seen:
                seen.add(further)
                ahead.append(further)
    return seen


def circular(found):
    """Returns the arrows from whose end one comes back to their beginning."""
    ways = {room: reachable(found, room) for room in list(found)}
    return sorted((room, other) for room in found for other in found[room]
                  if room in ways.get(other, ()))


def members(text):
    """Yields (class, members) of each class of a header.

    Relies on clang-format: what is declared in a class stands two columns
    further in than its name. A member is a method, a variable, or a type.
    """
    lines = text.splitlines()
    for number, line in enumerate(lines):
        opened = _CLASS.match(line)
        if not opened:
            continue
        indent = opened[1] + "  "
        count, inside = 0, False
        for body in lines[number + 1:]:
            if body.startswith(opened[1] + "}"):
                break
            if not body.startswith(indent) or body[len(indent)] in " })/":
                continue
            count += 1
        yield opened[2], count


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def figures(root):
    """Returns the figures of a tree as (name, value) pairs."""
    files = sources(root)
    rooms = collections.Counter(room_of(path) for path in files)
    largest_room, most = rooms.most_common(1)[0]
    found = arrows(files)
    lengths = [length for text in files.values()
               for _, length in functions.in_cpp(text.splitlines())]
    headers = {path: text for path, text in files.items()
               if path.endswith(".h")}
    classes = sorted(((count, name) for text in headers.values()
                      for name, count in members(text)), reverse=True)
    riddles = sum(bool(_RIDDLE.match(text)) for text in headers.values())
    yield "files, lines", (f"{len(files)}, "
                           f"{sum(len(t.splitlines()) for t in files.values())}")
    yield "rooms", len(rooms)
    yield "files of the largest room", f"{most} ({largest_room})"
    yield "arrows between rooms", sum(len(others) for others in found.values())
    yield "of them in circles", len(circular(found))
    yield "functions", len(lengths)
    yield "their lines: median, 9 of 10, longest", (
        f"{statistics.median(lengths):.0f}, {percentile(lengths, .9)}, "
        f"{max(lengths)}")
    yield "members of the largest classes", ", ".join(
        f"{name} {count}" for count, name in classes[:_LARGEST])
    yield "headers that open with a riddle", f"{riddles} of {len(headers)}"


def room_table(root):
    """Yields a line for each room: its files, its lines, what it includes."""
    files = sources(root)
    found = arrows(files)
    lines = collections.Counter()
    for path, text in files.items():
        lines[room_of(path)] += len(text.splitlines())
    rooms = collections.Counter(room_of(path) for path in files)
    for room in sorted(rooms):
        yield (f"{room:34} {rooms[room]:4} files {lines[room]:6} lines  "
               f"-> {len(found.get(room, ()))} rooms")


def checked_out(revision, folder):
    """Puts the tree of a commit into a folder."""
    archive = subprocess.run(
        ["git", "-C", str(_ROOT), "archive", revision, "server", "client"],
        check=True, stdout=subprocess.PIPE)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout,
                   check=True)
    return folder


def touched(revision):
    """Returns the delivered sources that a commit touched, proto included."""
    names = subprocess.run(
        ["git", "-C", str(_ROOT), "show", "--format=", "--name-only", revision],
        check=True, capture_output=True, text=True).stdout.split()
    return [name for name in names
            if is_production(name)
            or re.search(r"^proto/.*\.proto$|/schema/.*\.sql$", name)]


def main():
    parser = argparse.ArgumentParser(
        description="Prints the shape of the house in figures.")
    parser.add_argument("revisions", nargs="*", metavar="COMMIT",
                        help="of these commits rather than of the tree")
    parser.add_argument("--touched", metavar="COMMIT",
                        help="list the delivered files that a commit touched")
    parser.add_argument("--rooms", action="store_true",
                        help="list the rooms as well")
    arguments = parser.parse_args()
    if arguments.touched:
        names = touched(arguments.touched)
        print("\n".join(names), f"{len(names)} files", sep="\n")
        return
    with tempfile.TemporaryDirectory() as scratch:
        trees = {}
        for revision in arguments.revisions:
            folder = pathlib.Path(scratch) / str(len(trees))
            folder.mkdir()
            trees[revision] = checked_out(revision, folder)
        trees = trees or {"the tree": _ROOT}
        for rows in zip(*(figures(tree) for tree in trees.values())):
            print(f"{rows[0][0]}:")
            for revision, (_, value) in zip(trees, rows):
                print(f"  {revision:12} {value}")
        if arguments.rooms:
            for revision, tree in trees.items():
                print(f"rooms of {revision}:", *room_table(tree), sep="\n  ")


if __name__ == "__main__":
    sys.exit(main())
