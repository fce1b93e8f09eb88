"""The files of the source tree, for tests that look at all of them."""

import os
import pathlib

# Where nothing of ours stands: Bazel's outputs, what git ignores, and the
# stand-ins for repositories that Bazel asks for.
_NOT_OURS = {".git", ".cache", "data", "__pycache__", "rules_cc", "rules_java",
             "coverage_tools"}


def root():
    """Returns the root of the source tree that this test was built from."""
    # A source file in a test's run-files is a link into the tree.
    return pathlib.Path(__file__).resolve().parents[2]


def files(*endings):
    """Yields the paths, below the root, of our files with these endings."""
    for folder, folders, names in os.walk(root()):
        folders[:] = sorted(
            f for f in folders
            if f not in _NOT_OURS and not f.startswith("bazel-"))
        for name in sorted(names):
            if name.endswith(endings):
                yield (pathlib.Path(folder) / name).relative_to(root())
