"""Who may include whom: the picture of server/README.md as a table."""

import re

_GRPC = ("grpc/", "grpcpp/")
_PROTOBUF = ("google/protobuf/", "holdline/v1/",
             "server/store/sql/stored.pb.h")
_HTTP = ("boost/asio", "boost/beast", "curl/")
_STORES = ("sqlite3.h", "libpq-fe.h")
_METRICS = ("prometheus/",)
_OUTSIDE = _GRPC + _PROTOBUF + _HTTP + _STORES + _METRICS

_MODEL = ("server/base", "server/broker", "server/pipeline/calendar",
          "server/pipeline/definition", "server/pipeline/expression",
          "server/pipeline/model", "server/pipeline/validation")
_ACCESS = ("server/base", "server/auth", "server/contract")
# The hooks of those who are watched.
_HOOKS = ("server/engine/observer.h", "server/gateway/observer.h",
          "server/notify/observer.h", "server/rpc/call/observer.h",
          "server/rpc/connections/observer.h")

# What the client has in common with the server.
_CLIENTS_BASE = ("server/base/bounded_write.h",
                 "server/base/steady_notification.h",
                 "server/base/steady_time.h", "server/base/utf8.h",
                 "server/base/uuid.h")

# The rooms, each with those that its sources may include besides itself, and
# the foreign headers that must not appear in it. A folder without an entry
# belongs to the one around it.
LAYERS = {
    "server/base": ((), _OUTSIDE),
    "server/process": (("server/base",), _OUTSIDE),
    "server/auth/credentials": (("server/base",), _OUTSIDE),
    "server/auth/sigv4": (("server/base", "server/auth/credentials"), _OUTSIDE),
    "server/auth/tls": (("server/base", "server/auth/credentials"),
                        _GRPC + _PROTOBUF + _STORES + _METRICS),
    "server/broker": (("server/base",), _OUTSIDE),
    "server/pipeline/calendar": ((), _OUTSIDE),
    "server/pipeline/expression": (
        ("server/base", "server/pipeline/calendar"), _OUTSIDE),
    "server/pipeline/definition": (
        ("server/pipeline/calendar", "server/pipeline/expression"), _OUTSIDE),
    "server/pipeline/validation": (
        ("server/base", "server/pipeline/calendar",
         "server/pipeline/definition", "server/pipeline/expression"), _OUTSIDE),
    "server/pipeline/model": (_MODEL, _OUTSIDE),
    "server/pipeline/planner": (_MODEL, _OUTSIDE),
    "server/store": (_MODEL, _OUTSIDE),
    "server/store/memory": (_MODEL + ("server/store",), _OUTSIDE),
    "server/store/sql": (_MODEL, _GRPC + _HTTP + _STORES + _METRICS),
    "server/store/sqlite": (_MODEL + ("server/store",),
                            _GRPC + _PROTOBUF + _HTTP + _METRICS),
    "server/engine": (_MODEL + ("server/pipeline/planner", "server/store"),
                      _OUTSIDE),
    "server/contract": (("server/base", "server/auth/credentials"),
                        _GRPC + _HTTP + _STORES + _METRICS),
    "server/queries": (_MODEL + _ACCESS + ("server/store",),
                       _GRPC + _HTTP + _STORES + _METRICS),
    "server/rpc/connections": (("server/base", "server/auth/credentials"),
                               _HTTP + _STORES + _METRICS),
    "server/rpc/access": (_ACCESS, _HTTP + _STORES + _METRICS),
    "server/rpc/call": (
        _MODEL + _ACCESS + ("server/engine", "server/rpc/access",
                            "server/rpc/connections"),
        _HTTP + _STORES + _METRICS),
    "server/rpc/services": (
        _MODEL + _ACCESS + ("server/engine", "server/queries",
                            "server/rpc/access", "server/rpc/call"),
        _HTTP + _STORES + _METRICS),
    "server/rpc": (
        _MODEL + _ACCESS + ("server/engine", "server/queries", "server/rpc"),
        _HTTP + _STORES + _METRICS),
    "server/gateway": (_ACCESS, _STORES + _METRICS),
    "server/notify": (_MODEL + ("server/auth",),
                      _GRPC + _PROTOBUF + _STORES + _METRICS),
    "server/log": (_MODEL + _HOOKS, _PROTOBUF + _HTTP + _STORES + _METRICS),
    "server/metrics": (
        _MODEL + _ACCESS + _HOOKS + ("server/engine/command.h",), _STORES),
    "server/settings": (
        _MODEL + _ACCESS + ("server/engine", "server/gateway", "server/log",
                            "server/metrics", "server/notify", "server/rpc"),
        _OUTSIDE),
    "client/command_line/verb": (
        ("client/holdline_client.h", "server/base/utf8.h"),
        _HTTP + _STORES + _METRICS),
    "client/command_line/pipelines": (
        ("client/call_options.h", "client/holdline_client.h",
         "client/services.h", "client/command_line/verb",
         "server/base/utf8.h"),
        _HTTP + _STORES + _METRICS),
    "client/command_line": (
        ("client", "server/auth/credentials", "server/base/utf8.h"),
        _HTTP + _STORES + _METRICS),
    "client": (("client", "server/process") + _CLIENTS_BASE,
               _HTTP + _STORES + _METRICS),
}

# Programs put together whatever they need; so do tests, and what only they use.
_PROGRAMS = re.compile(r"_main\.cc$")
_FOR_TESTS = re.compile(
    r"/testing/|/test_\w+\.(h|cc)$|_(test|harness|conformance|fuzzer)\.(h|cc)$")


def _room_of(path):
    rooms = [room for room in LAYERS if path.startswith(room + "/")]
    return max(rooms, key=len, default=None)


def complaint(path, included):
    """Says why the source `path` must not include `included`, or nothing."""
    room = _room_of(path)
    if room is None or _PROGRAMS.search(path) or _FOR_TESTS.search(path):
        return ""
    allowed, foreign = LAYERS[room]
    if included.startswith(foreign):
        return f"{room} must not know {included}"
    if not included.startswith(("server/", "client/", "tests/")):
        return ""
    if _room_of(included) == room or any(
            included == a or included.startswith(a + "/") for a in allowed):
        return ""
    return f"{room} must not include {included}"
