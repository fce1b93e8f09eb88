"""Where the functions of a source file begin and how long they are."""

import ast
import re

# What may end in `) {` and is no function.
_CONTROL = re.compile(r"^\s*(if|for|while|switch|do|else|catch|try|\})\b|^\s*}")
_FUNCTION_END = re.compile(r"\)(\s*(const|override|noexcept|final|->\s*[\w:<>*&, ]+))*"
                           r"(\s*ABSL_\w+(\([^)]*\))?)*\s*\{$")


def in_cpp(lines):
    """Yields (line number, lines) of each function of formatted C++.

    Relies on clang-format: the brace that ends a function stands under the
    first letter of its signature. Functions inside functions count as part of
    these. A signature of several lines counts from the first.
    """
    number = 0
    while number < len(lines):
        line = lines[number]
        if (not line.endswith("{") or _CONTROL.match(line)
                or not _begins_body(lines, number)):
            number += 1
            continue
        start = _signature_start(lines, number)
        indent = len(lines[start]) - len(lines[start].lstrip())
        end = number + 1
        while end < len(lines) and not lines[end].startswith(" " * indent + "}"):
            end += 1
        yield start + 1, end - start + 1
        number = end + 1


def _begins_body(lines, number):
    text = lines[_signature_start(lines, number)].lstrip()
    if re.match(r"(class|struct|enum|union|namespace|extern)\b", text):
        return False
    # An initialiser list ends in `} {` or `) {`; a variable in `= {`.
    return bool(_FUNCTION_END.search(lines[number])
                or re.search(r"[)}] \{$", lines[number]))


def _signature_start(lines, number):
    while number > 0 and re.search(r"[\w,(&|:<>*=?]$|\)$", lines[number - 1]) \
            and not lines[number - 1].lstrip().startswith(("//", "#")) \
            and not re.match(r"\s*(public|private|protected):$", lines[number - 1]):
        number -= 1
    return number


def in_python(text):
    """Yields (line number, lines) of each function of a Python file."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno + 1
