"""All C++ has the form that clang-format gives it."""

import subprocess
import unittest

import source_tree


class ClangFormatTest(unittest.TestCase):

    def test_all_cpp_is_formatted(self):
        sources = [str(p) for p in source_tree.files(".cc", ".h")]
        self.assertTrue(sources)
        result = subprocess.run(
            ["clang-format-14", "--dry-run", "--Werror", "--ferror-limit=1",
             *sources],
            cwd=source_tree.root(), stderr=subprocess.PIPE, text=True)
        self.assertEqual(
            result.returncode, 0,
            f"Format these with clang-format-14 -i:\n{result.stderr}")


if __name__ == "__main__":
    unittest.main()
