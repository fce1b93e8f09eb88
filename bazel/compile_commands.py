#!/usr/bin/env python3
"""Writes compile_commands.json for the whole workspace.

Asks Bazel how it would compile each file; builds nothing. Headers that are
generated are found only after a build.
"""

import json
import os
import subprocess

# Flags of gcc and of Bazel's outputs that clang does not want.
UNWANTED = {"-fno-canonical-system-headers", "-Wno-free-nonheap-object", "-c"}
UNWANTED_WITH_VALUE = {"-o", "-MF"}


def compile_command(arguments, directory):
    """Returns the entry for one compilation, or None for a foreign file."""
    sources = [a for a in arguments if a.endswith(".cc")]
    if not sources or sources[0].startswith("external/"):
        return None
    kept = []
    skip_next = False
    for argument in arguments:
        if skip_next:
            skip_next = False
        elif argument in UNWANTED_WITH_VALUE:
            skip_next = True
        elif argument not in UNWANTED and argument != "-MD":
            kept.append(argument)
    return {"directory": directory, "file": sources[0], "arguments": kept}


def main():
    workspace = os.environ["BUILD_WORKSPACE_DIRECTORY"]
    print("Asking Bazel how it compiles each file.", flush=True)
    answer = subprocess.run(
        ["bazel", "aquery", "--output=jsonproto", "--ui_event_filters=-info,-stderr",
         'mnemonic("CppCompile", //...)'],
        cwd=workspace, stdout=subprocess.PIPE, check=True)
    actions = json.loads(answer.stdout).get("actions", [])
    # Paths such as bazel-out/... lead through the links that Bazel keeps there.
    entries = {}
    for action in actions:
        entry = compile_command(action["arguments"], workspace)
        if entry:
            entries[entry["file"]] = entry
    path = os.path.join(workspace, "compile_commands.json")
    with open(path, "w") as output:
        json.dump(sorted(entries.values(), key=lambda e: e["file"]), output, indent=1)
    print(f"Wrote {path}: {len(entries)} files.")


if __name__ == "__main__":
    main()
