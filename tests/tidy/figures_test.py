"""Checks the counting of the figures on sources whose figures are known."""

import unittest

import figures

_HEADER = """\
// What a gate is.

class Gate {
 public:
  explicit Gate(int width) : width_(width) {}

  // Opens it.
  void Open(
      int how_far);
  bool open() const { return open_; }

 private:
  struct Hinge {
    int side;
  };

  const int width_;
  bool open_ = false;
};
"""


class FiguresTest(unittest.TestCase):

    def test_members_are_methods_variables_and_types(self):
        self.assertEqual(list(figures.members(_HEADER)),
                         [("Gate", 6), ("Hinge", 1)])

    def test_tests_and_their_support_are_not_delivered(self):
        self.assertTrue(figures.is_production("server/broker/broker.cc"))
        for path in ("server/broker/broker_test.cc", "tests/load/echo.cc",
                     "server/rpc/testing/test_server.h",
                     "server/store/sqlite/schema/001_initial.sql"):
            self.assertFalse(figures.is_production(path), path)

    def test_arrows_that_lead_back_are_circular(self):
        found = figures.arrows({
            "a/one.h": '#include "b/two.h"\n',
            "b/two.h": '#include "c/three.h"\n',
            "c/three.h": '#include "b/two.h"\n',
        })
        self.assertEqual(figures.circular(found), [("b", "c"), ("c", "b")])

    def test_a_program_may_include_all(self):
        self.assertFalse(figures.arrows({
            "a/main.cc": '#include "b/two.h"\nint main() {}\n', "b/two.h": ""}))


if __name__ == "__main__":
    unittest.main()
