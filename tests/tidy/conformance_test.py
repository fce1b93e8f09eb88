"""Holds tests/CONFORMANCE.md against the contract and against the tests."""

import pathlib
import re
import unittest

import source_tree

PAGE = "tests/CONFORMANCE.md"

_HEADING = re.compile(r"^## (.+)$")
_ROW = re.compile(r"^\| (?!point )([^|]+?) \| (.+) \|$")
_LINK = re.compile(r"^\[`(\w+)`\]: (\S+)$", re.M)
# A file, or a test in the file that was named last.
_NAME = re.compile(r"\[`(\w+)`\]|`(\w+)`")
_NUMBERED_CHANGE = re.compile(r"^\| ([PA]\d+) \|", re.M)
_DECISION = re.compile(r"^\| (\d+) \|", re.M)
_PART = re.compile(r"^###? (\d+(?:\.\d+)?)\.? ", re.M)
# Sections that have parts are named by these.
_WHOLE = ("2", "3", "4", "5", "6", "8", "9", "12", "13", "14")


def read(path):
    return (source_tree.root() / path).read_text()


def sections(text):
    """Returns the rows of each section, by its heading, as pairs."""
    found = {}
    heading = ""
    for line in text.splitlines():
        if match := _HEADING.match(line):
            heading = match[1]
        elif (match := _ROW.match(line)) and heading:
            found.setdefault(heading, []).append((match[1], match[2]))
    return found


def section_of(contract, beginning):
    """Returns the section of the contract whose heading begins so."""
    start = contract.index(f"\n{beginning}")
    level = beginning.split()[0]
    end = contract.find(f"\n{level} ", start + 1)
    return contract[start:end if end >= 0 else None]


def checklist(contract):
    """Returns the paragraphs of Appendix B by their first word."""
    text = section_of(contract, "## Appendix B")
    found = {}
    for paragraph in text.split("\n\n")[1:]:
        heading, _, points = " ".join(paragraph.split()).partition(": ")
        found[heading] = points
    return found


class ConformanceTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.page = read(PAGE)
        cls.sections = sections(cls.page)
        cls.contract = read("proto/DATAPIPELINE.md")

    def points(self, heading):
        return [point for point, _ in self.sections[heading]]

    def test_the_checklist_is_named_from_end_to_end(self):
        paragraphs = checklist(self.contract)
        self.assertIn("Protocol", paragraphs)
        for heading, rest in paragraphs.items():
            for point in self.points(f"Appendix B: {heading}"):
                self.assertTrue(rest.startswith(point),
                                f"{heading}: {point!r} is not next in {rest!r}")
                rest = rest[len(point):].lstrip(",;. ")
            self.assertEqual(rest, "", heading)

    def test_each_numbered_change_is_named(self):
        for heading, section in (("Section 2.2: pipelines", "### 2.2"),
                                 ("Section 2.4: activities", "### 2.4")):
            changes = _NUMBERED_CHANGE.findall(
                section_of(self.contract, section))
            self.assertGreater(len(changes), 10)
            self.assertEqual(self.points(heading), changes)

    def test_each_part_and_each_decision_is_named(self):
        parts = [part for part in _PART.findall(self.contract)
                 if 2 <= int(part.split(".")[0]) <= 14 and part not in _WHOLE]
        self.assertIn("6.8", parts)
        self.assertEqual(self.points("Sections 2 to 14"), parts)
        decisions = _DECISION.findall(section_of(self.contract, "## 15"))
        self.assertGreater(len(decisions), 30)
        self.assertEqual(self.points("Section 15: decisions"), decisions)

    def test_what_is_named_exists(self):
        texts = {name: read(pathlib.Path("tests") / path)
                 for name, path in _LINK.findall(self.page)}
        self.assertEqual(set(texts), set(re.findall(r"\[`(\w+)`\]", self.page)))
        complaints = []
        for heading, rows in self.sections.items():
            for point, held_by in rows:
                complaints += [f"{heading}, {point}: {complaint}"
                               for complaint in self.complaints(held_by, texts)]
        if complaints:
            self.fail("\n" + "\n".join(complaints))

    def complaints(self, held_by, texts):
        """Says what is wrong with the tests that hold a point."""
        names = 0
        text = None
        for file, test in _NAME.findall(held_by):
            if file:
                text = texts[file]
                continue
            names += 1
            if text is None or not re.search(
                    rf"\bTEST(?:_F|_P)?\(\s*\w+,\s*{test}\)|\bdef {test}\(self",
                    text):
                yield f"there is no test {test}"
        if names == 0 and not re.match(r"not held: |[PA]1 to [PA]\d+ above$",
                                       held_by):
            yield "names no test and says no reason"

    def test_each_expression_of_the_contract_is_tried(self):
        tried = read("server/pipeline/expression/expression_table_test.cc")
        table = section_of(self.contract, "### 8.5")
        expressions = re.findall(r"^\| `([^`]+)` \|", table, re.M)
        self.assertGreater(len(expressions), 30)
        for expression in expressions:
            written = expression.replace('"', '\\"')
            self.assertIn(f'"{written}"', tried)


if __name__ == "__main__":
    unittest.main()
