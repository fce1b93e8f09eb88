"""Who may include whom: the picture of server/README.md as a table."""

import re

# The folders of ours that the sources of a folder may include, besides their
# own, and the foreign headers that must not appear there.
_GRPC = ("grpc/", "grpcpp/", "google/protobuf/", "holdline/v1/")
_HTTP = ("boost/asio", "boost/beast")
_STORES = ("sqlite3.h", "libpq-fe.h")
_METRICS = ("prometheus/",)

LAYERS = {
    "server/auth": (("server/broker",), _GRPC + _HTTP + _STORES + _METRICS),
    "server/broker": ((), _GRPC + _HTTP + _STORES + _METRICS),
    "server/pipeline": (("server/broker",), _GRPC + _HTTP + _STORES + _METRICS),
    "server/store": (("server/broker", "server/pipeline"), _GRPC + _HTTP + _METRICS),
    "server/engine": (("server/broker", "server/pipeline", "server/store"),
                      _GRPC + _HTTP + _STORES + _METRICS),
    "server/rpc": (("server/auth", "server/broker", "server/engine",
                    "server/pipeline", "server/store/pipeline_store.h"),
                   _HTTP + _STORES + _METRICS),
    "server/gateway": (("server/auth", "server/broker/error_reason.h"),
                       _STORES + _METRICS),
    "server/metrics": (("server/auth", "server/broker", "server/engine",
                        "server/pipeline", "server/gateway/observer.h",
                        "server/notify/observer.h", "server/rpc/observer.h",
                        "server/rpc/connection_observer.h"),
                       _STORES),
    "server/log": (("server/broker", "server/engine", "server/pipeline",
                    "server/gateway/observer.h", "server/notify/observer.h",
                    "server/rpc/observer.h"),
                   _HTTP + _STORES + _METRICS),
    "server/notify": (("server/auth", "server/broker", "server/pipeline"),
                      _GRPC + _STORES + _METRICS),
    "client/command_line": (("client", "server/auth"),
                            _HTTP + _STORES + _METRICS),
    "client": ((), _HTTP + _STORES + _METRICS),
}

# What any layer of the server may include: nouns too small for a layer.
_EVERYWHERE = ("server/account_id.h", "server/bounded_write.h", "server/core_dumps.h",
               "server/large_blocks.h", "server/listen_address.h",
               "server/method_contract.h", "server/open_standard_streams.h",
               "server/request_memory.h", "server/setting.h",
               "server/standard_streams.h", "server/steady_notification.h",
               "server/steady_time.h",
               "server/stop_signals.h", "server/tls_contexts.h",
               "server/version.h")

# Programs put together whatever they need; so do tests, and what only they use.
_PROGRAMS = re.compile(r"_main\.cc$")
_FOR_TESTS = re.compile(r"/test_\w+\.(h|cc)$|_(test|harness|conformance|fuzzer)\.(h|cc)$")


def complaint(path, included):
    """Says why the source `path` must not include `included`, or nothing."""
    folder = next((f for f in LAYERS if path.startswith(f + "/")), None)
    if folder is None or _PROGRAMS.search(path) or _FOR_TESTS.search(path):
        return ""
    allowed, foreign = LAYERS[folder]
    if included.startswith(foreign):
        return f"{folder} must not know {included}"
    if not included.startswith(("server/", "client/", "tests/")):
        return ""
    if included.startswith((folder + "/",) + _EVERYWHERE):
        return ""
    if any(included == a or included.startswith(a + "/") for a in allowed):
        return ""
    return f"{folder} must not include {included}"
