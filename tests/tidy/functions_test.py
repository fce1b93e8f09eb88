"""The lengths of functions are measured as a reader would count."""

import unittest

import functions

CPP = """\
namespace holdline {
namespace {

struct Pair {
  int first() const { return 1; }

  void Set(int value) {
    value_ = value;
  }
};

constexpr int kTable[] = {
    1,
};

}  // namespace

absl::StatusOr<std::unique_ptr<Thing>> Thing::Make(
    const Options& options,
    int count) {
  if (count == 0) {
    return nullptr;
  }
  return Build(options, [&](int each) {
    return each;
  });
}

Thing::Thing(int value)
    : value_(value),
      other_{value} {
  Start();
}

void Thing::Ask(const Question& question,
                Answer* answer) {
  Later(
      [answer](int value) {
        answer->Set(value);
      });
}

TEST(ThingTest, Starts) {
  Thing thing(1);
}

}  // namespace holdline
""".splitlines()

PYTHON = """\
def one():
    return 1


class Two:

    def three(self):
        x = 3
        return x
"""


class FunctionsTest(unittest.TestCase):

    def test_cpp_functions_count_from_signature_to_brace(self):
        lengths = [(CPP[line - 1].split("(")[0].split()[-1], length)
                   for line, length in functions.in_cpp(CPP)]
        self.assertEqual(lengths, [
            ("Set", 3), ("Thing::Make", 10), ("Thing::Thing", 5),
            ("Thing::Ask", 7), ("TEST", 3)])

    def test_python_functions_count_from_def(self):
        self.assertEqual(sorted(functions.in_python(PYTHON)), [(1, 2), (7, 3)])


if __name__ == "__main__":
    unittest.main()
