"""Python for tests: Debian's interpreter and pinned packages from PyPI."""

_BUILD = """
load("@bazel_tools//tools/python:toolchain.bzl", "py_runtime_pair")

package(default_visibility = ["//visibility:public"])

py_runtime(
    name = "python3",
    interpreter_path = "{interpreter}",
    stub_shebang = "#!/usr/bin/python3",
    python_version = "PY3",
)

py_runtime_pair(
    name = "runtime",
    py3_runtime = ":python3",
)

exports_files(["python"])
"""

def _run(context, message, command):
    context.report_progress(message)
    result = context.execute(command, timeout = 1200)
    if result.return_code != 0:
        fail("%s: %s\n%s%s" % (
            message,
            " ".join([str(argument) for argument in command]),
            result.stdout,
            result.stderr,
        ))

def _python_environment(context):
    requirements = context.path(context.attr.requirements)
    environment = context.path("environment")
    interpreter = context.path("environment/bin/python3")
    _run(context, "Making a Python environment", [
        "/usr/bin/python3",
        "-m",
        "venv",
        environment,
    ])
    _run(context, "Installing Python packages for the tests", [
        interpreter,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "--disable-pip-version-check",
        "--requirement",
        requirements,
    ])
    context.file(
        "python",
        "#!/bin/sh\nexec %s \"$@\"\n" % interpreter,
        executable = True,
    )
    context.file("BUILD", _BUILD.format(interpreter = interpreter))

# An environment that holds what a requirements file names, made when the first
# target asks for it and again when the file changes. It lies beside Bazel's
# other outputs, not in the source tree.
#
# `runtime` is what a Python toolchain wants; `python` is the interpreter for
# actions.
python_environment = repository_rule(
    implementation = _python_environment,
    attrs = {"requirements": attr.label(mandatory = True, allow_single_file = True)},
)
