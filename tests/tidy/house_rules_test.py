"""The rules of the house that a program can check."""

import re
import unittest

import functions
import headers
import layers
import source_tree

FUNCTION_LINES_MAX = 70
SOURCE_LINES_MAX = 500
HEADER_LINES_MAX = 200

_TODO = re.compile(r"\b(TODO|FIXME|XXX)\b")
_TYPE = re.compile(r"^(?:struct|class|enum class) (\w+)[^;\n]*\{", re.M)
_TEXT = (".cc", ".h", ".proto", ".bzl", ".py", ".md", ".sql", ".sh",
         "BUILD", "WORKSPACE", ".yaml", ".json")


def read(path):
    return (source_tree.root() / path).read_text()


class HouseRulesTest(unittest.TestCase):

    def expect_none(self, complaints):
        found = list(complaints)
        if found:
            self.fail("\n" + "\n".join(found))

    def test_functions_are_short(self):
        def complaints():
            for path in source_tree.files(".cc", ".h", ".py"):
                text = read(path)
                found = (functions.in_python(text) if path.suffix == ".py"
                         else functions.in_cpp(text.splitlines()))
                for line, length in found:
                    if length > FUNCTION_LINES_MAX:
                        yield (f"{path}:{line}: {length} lines, at most "
                               f"{FUNCTION_LINES_MAX}")
        self.expect_none(complaints())

    def test_files_are_short(self):
        def complaints():
            for path in source_tree.files(".cc", ".h", ".py"):
                most = HEADER_LINES_MAX if path.suffix == ".h" else SOURCE_LINES_MAX
                length = len(read(path).splitlines())
                if length > most:
                    yield f"{path}: {length} lines, at most {most}"
        self.expect_none(complaints())

    def test_headers_are_guarded_by_their_path(self):
        def complaints():
            for path in source_tree.files(".h"):
                guard = re.sub(r"[^A-Z0-9]", "_", f"HOLDLINE_{path}_".upper())
                text = read(path)
                if (f"#ifndef {guard}\n#define {guard}\n" not in text
                        or not text.endswith(f"#endif  // {guard}\n")):
                    yield f"{path}: the guard is to be {guard}"
        self.expect_none(complaints())

    def test_types_of_the_server_have_one_name_each(self):
        # Two of one name in one program are taken for each other by the linker.
        def complaints():
            seen = {}
            for path in source_tree.files(".h"):
                if path.parts[0] != "server":
                    continue
                for name in _TYPE.findall(read(path)):
                    if seen.setdefault(name, path) != path:
                        yield f"{path}: {name} is also in {seen[name]}"
        self.expect_none(complaints())

    def test_headers_say_first_what_they_are(self):
        def complaints():
            for path in source_tree.files(".h"):
                complaint = headers.complaint(read(path))
                if complaint:
                    yield f"{path}: {complaint}"
        self.expect_none(complaints())

    def test_includes_point_one_way(self):
        def complaints():
            for path in source_tree.files(".cc", ".h"):
                for included in re.findall(r'#include ["<]([^">]+)', read(path)):
                    complaint = layers.complaint(str(path), included)
                    if complaint:
                        yield f"{path}: {complaint}"
        self.expect_none(complaints())

    def test_nothing_is_left_to_be_done(self):
        self.expect_none(
            f"{path}:{number}: {line.strip()}"
            for path in source_tree.files(*_TEXT)
            if path.parts[:2] != ("tests", "tidy")
            for number, line in enumerate(read(path).splitlines(), 1)
            if _TODO.search(line))

    def test_no_tabs_and_no_trailing_space(self):
        self.expect_none(
            f"{path}:{number}: {line!r}"
            for path in source_tree.files(*_TEXT)
            for number, line in enumerate(read(path).splitlines(), 1)
            if "\t" in line or line != line.rstrip())

    def test_sources_and_tests_are_in_the_build_beside_them(self):
        # Tests and fuzz targets are often named without their endings.
        def complaints():
            for path in source_tree.files(".cc", "_test.py"):
                names = {path.name, path.stem,
                         re.sub("_(test|fuzzer)$", "", path.stem)}
                build = path.parent / "BUILD"
                if not ((source_tree.root() / build).exists() and
                        any(f'"{name}"' in read(build) for name in names)):
                    yield f"{path}: is not in {build}"
        self.expect_none(complaints())


if __name__ == "__main__":
    unittest.main()
