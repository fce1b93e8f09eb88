"""Checks that each seeded fault still fits its source, and is taken back."""

import unittest
from unittest import mock

import faults
import mutants

_ONE = """
[sum]
file = "tests/mutants/faults.py"
text = "def load("
replacement = "def unload("
tests = ["//tests/mutants:mutants_test"]
"""


class MutantsTest(unittest.TestCase):

    def test_each_fault_fits_its_source(self):
        complaints = [fault.complaint() for fault in faults.load()]
        self.assertEqual([c for c in complaints if c], [])

    def test_each_house_has_faults(self):
        houses = {fault.name.partition("-")[0] for fault in faults.load()}
        self.assertLessEqual({"auth", "broker", "planner", "rpc", "store"},
                             houses)

    def test_a_fault_whose_text_is_gone_is_told(self):
        fault, = faults.load(_ONE.replace("def load(", "def lode("))
        self.assertEqual(fault.complaint(), "sum: its text occurs 0 times in "
                                            "tests/mutants/faults.py")

    def test_the_source_is_put_back_whatever_happens(self):
        fault, = faults.load(_ONE)
        path = mock.Mock(read_text=lambda: "def load(text):")
        root = mock.MagicMock()
        root.__truediv__.return_value = path

        def interrupted(_, __):
            path.write_text.assert_called_once_with("def unload(text):")
            raise KeyboardInterrupt

        with mock.patch.object(faults, "ROOT", root):
            with self.assertRaises(KeyboardInterrupt):
                mutants.outcome_of(fault, None, interrupted)
        path.write_text.assert_called_with("def load(text):")

    def test_faults_are_chosen_by_the_beginning_of_their_name(self):
        names = [fault.name for fault in
                 mutants.selected(faults.load(_ONE), ["su"])]
        self.assertEqual(names, ["sum"])
        self.assertEqual(mutants.selected(faults.load(_ONE), ["um"]), [])


if __name__ == "__main__":
    unittest.main()
