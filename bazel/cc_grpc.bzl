"""C++ code for protobuf messages and gRPC services, by the system's protoc."""

def cc_grpc_library(name, srcs, deps = [], visibility = None):
    """A cc_library with the generated messages, services and service mocks.

    Args:
      name: the library's name.
      srcs: .proto files of this package and of folders below it. They import
        each other by their path below this package.
      deps: further cc_library targets that the generated code needs.
      visibility: who may depend on it.
    """
    outputs = []
    for src in srcs:
        stem = src[:-len(".proto")]
        outputs += [stem + ending for ending in [
            ".pb.h",
            ".pb.cc",
            ".grpc.pb.h",
            ".grpc.pb.cc",
        ]]
    native.genrule(
        name = name + "_generated",
        srcs = srcs,
        outs = outputs,
        cmd = " ".join([
            "/usr/bin/protoc",
            "--proto_path=" + native.package_name(),
            "--proto_path=/usr/include",
            "--cpp_out=$(RULEDIR)",
            "--grpc_out=$(RULEDIR)",
            "--plugin=protoc-gen-grpc=/usr/bin/grpc_cpp_plugin",
            "$(SRCS)",
        ]),
        message = "Generating C++ for",
    )
    native.cc_library(
        name = name,
        srcs = [output for output in outputs if output.endswith(".cc")],
        hdrs = [output for output in outputs if output.endswith(".h")],
        strip_include_prefix = "/" + native.package_name(),
        visibility = visibility,
        deps = deps + [
            "@system//:grpc",
            "@system//:protobuf",
        ],
    )
