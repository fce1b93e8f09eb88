"""Python code for protobuf messages and gRPC services, by grpcio-tools."""

def py_grpc_library(name, srcs, visibility = None):
    """A py_library with the generated messages and services.

    Args:
      name: the library's name.
      srcs: .proto files of this package and of folders below it. They import
        each other, and Python imports them, by their path below this package.
      visibility: who may depend on it.
    """
    outputs = []
    for src in srcs:
        stem = src[:-len(".proto")]
        outputs += [stem + "_pb2.py", stem + "_pb2_grpc.py"]
    native.genrule(
        name = name + "_generated",
        srcs = srcs,
        outs = outputs,
        cmd = " ".join([
            "$(execpath @python//:python)",
            "-m grpc_tools.protoc",
            "--proto_path=" + native.package_name(),
            "--proto_path=/usr/include",
            "--python_out=$(RULEDIR)",
            "--grpc_python_out=$(RULEDIR)",
            "$(SRCS)",
        ]),
        message = "Generating Python for",
        tools = ["@python//:python"],
    )
    native.py_library(
        name = name,
        srcs = outputs,
        imports = ["."],
        visibility = visibility,
    )
