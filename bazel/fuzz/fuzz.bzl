"""Fuzz targets: one function over bytes, and two programs that call it."""

def fuzz_target(name, deps, size = "small"):
    """Makes of NAME_fuzzer.cc, which defines LLVMFuzzerTestOneInput:

      * NAME_fuzzer, for `bazel run --config=fuzz`, with libFuzzer at the wheel,
      * NAME_fuzz_test, which in every build runs the inputs that are kept in
        testdata/NAME_corpus and a bounded number of mutations of them.

    Args:
      name: what is fuzzed.
      deps: what the file needs.
      size: of the test.
    """
    native.cc_library(
        name = name + "_fuzz",
        testonly = True,
        srcs = [name + "_fuzzer.cc"],
        deps = deps,
        alwayslink = True,
        visibility = ["//visibility:private"],
    )
    native.cc_binary(
        name = name + "_fuzzer",
        testonly = True,
        linkopts = ["-fsanitize=fuzzer"],
        tags = ["manual"],
        deps = [":" + name + "_fuzz"],
    )
    corpus = "testdata/" + name + "_corpus"
    native.cc_test(
        name = name + "_fuzz_test",
        size = size,
        args = [native.package_name() + "/" + corpus],
        data = native.glob([corpus + "/**"]),
        deps = [
            ":" + name + "_fuzz",
            "//bazel/fuzz:driver",
        ],
    )
