"""Every member of every action, in every form that the contract tells of.

What is allowed is read from the protocol's own declarations; what answers are
due is DATAPIPELINE sections 12.2, 12.5 and 13.2. No request is expected to
succeed: one that keeps the rules of the wire may still name a pipeline that
does not exist.
"""

import base64
import http.client
import json
import unittest

from google.protobuf import descriptor_pb2
from google.protobuf.descriptor import FieldDescriptor
from grpc_client import contract_pb2, pipeline, queue
from holdline.v1 import operator_pb2
from server_process import PATIENCE_SECONDS, Server

SERIALIZATION = "SerializationException"
CONSTRAINT = "InvalidRequestException"
TIMESTAMP = "google.protobuf.Timestamp"
DURATION = "google.protobuf.Duration"
FORBIDDEN = "a\u0001b"
# Members with a rule that no declared limit can tell, each with a value that
# keeps it if there is one; the rules have tests of their own.
OWN_RULES = {
    "QueryObjectsInput.sphere": "INSTANCE",
    "QueryObjectsInput.marker": None,
    "DescribeObjectsInput.marker": None,
    "ListPipelinesInput.marker": None,
    "SetStatusInput.status": "PAUSE",
    "GetPipelineDefinitionInput.version": "latest",
    "SubmitTasksRequest.tasks": None,
    "NewTask.type": "T",
    "TaskObject.attemptId": None,
    "CreatePipelineInput.tags": None,
    "Selector.fieldName": "name",
    "Selector.operator": {"type": "EQ", "values": ["a"]},
    "ListTasksRequest.pageToken": None,
}
SERVICES = [(pipeline, "DataPipeline"), (queue, "TaskQueue"),
            (operator_pb2, "Operator")]


def limits(field):
    return field.GetOptions().Extensions[contract_pb2.limits]


def own_rule(field):
    return f"{field.containing_type.name}.{field.json_name}"


def is_list(field):
    # Newer releases of protobuf say it in another way.
    repeated = (field.is_repeated if hasattr(field, "is_repeated") else
                field.label == FieldDescriptor.LABEL_REPEATED)
    return repeated and not is_map(field)


def is_map(field):
    return (field.message_type is not None
            and field.message_type.GetOptions().map_entry)


def is_object(field):
    return (field.message_type is not None and not is_map(field) and
            field.message_type.full_name not in (TIMESTAMP, DURATION))


def is_text(field):
    return field.type == FieldDescriptor.TYPE_STRING


def is_number(field):
    return not (is_text(field) or field.enum_type or field.message_type or
                field.type in (FieldDescriptor.TYPE_BOOL,
                               FieldDescriptor.TYPE_BYTES))


def element(field):
    """A value that keeps the limits, of a field or of an element of it."""
    if OWN_RULES.get(own_rule(field)):
        return OWN_RULES[own_rule(field)]
    if is_map(field):
        return {}
    if field.message_type is not None:
        if field.message_type.full_name == TIMESTAMP:
            return 1
        if field.message_type.full_name == DURATION:
            return max(1, limits(field).min)
        return sample(field.message_type)
    if field.enum_type is not None:
        return field.enum_type.values_by_number[1].name
    if is_text(field):
        return "a" * max(1, limits(field).min)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return True
    if field.type == FieldDescriptor.TYPE_BYTES:
        return base64.b64encode(b"a" * max(1, limits(field).min)).decode()
    return max(1, limits(field).min)


def value(field):
    return [element(field)] if is_list(field) else element(field)


def sample(message):
    """The least object that keeps the limits."""
    return {field.json_name: value(field) for field in message.fields
            if limits(field).required or OWN_RULES.get(own_rule(field))}


def wrong_types(field):
    """Values of types that an element of the field cannot have."""
    if is_object(field) or is_map(field):
        return ["text", 7, True, [[]]]
    wrong = [{}, [[]]]
    if is_text(field) or field.enum_type is not None:
        return wrong + [7, True]
    if field.type == FieldDescriptor.TYPE_BOOL:
        return wrong + ["true", 1]
    if field.type == FieldDescriptor.TYPE_BYTES:
        return wrong + [7, True, "no base64!"]
    return wrong + ["text", True]


def sized(field, size):
    """An element of a size that is counted by the limits."""
    if is_text(field):
        return "x" * size
    if field.type == FieldDescriptor.TYPE_BYTES:
        return base64.b64encode(b"x" * size).decode()
    return size


def element_cases(field):
    """(what, value of an element, error that is due) of a field."""
    bound = limits(field)
    for wrong in wrong_types(field):
        yield f"wrong type {wrong}", wrong, SERIALIZATION
    if field.enum_type is not None:
        yield "no such name", "NO_SUCH_NAME", CONSTRAINT
        yield "empty", "", CONSTRAINT
        for name in field.enum_type.values_by_name:
            number = field.enum_type.values_by_name[name].number
            yield name, name, None if number else CONSTRAINT
    if is_object(field):
        for name in (each.json_name for each in field.message_type.fields
                     if limits(each).required):
            without = {key: each for key, each in
                       sample(field.message_type).items() if key != name}
            yield f"without {name}", without, CONSTRAINT
    if is_text(field):
        yield ("forbidden character", FORBIDDEN,
               None if bound.any_character else CONSTRAINT)
        yield ("every kind of space", "a\t\r\n b"[:bound.max or None], None)
        yield ("empty", "",
               CONSTRAINT if bound.HasField("min") and bound.min > 0 else None)
    if bound.HasField("min"):
        yield "min", sized(field, bound.min), None
        if bound.min > 0 or is_number(field):
            yield "min - 1", sized(field, bound.min - 1), CONSTRAINT
    if bound.HasField("max"):
        yield "max", sized(field, bound.max), None
        yield "max + 1", sized(field, bound.max + 1), CONSTRAINT


def cases(field):
    """(what, JSON of the member or None for none, error that is due)."""
    bound = limits(field)
    due = CONSTRAINT if bound.required else None
    yield "absent", None, due
    yield "null", ["null"], due
    for what, each, error in element_cases(field):
        if not is_list(field):
            yield what, [json.dumps(each)], error
        elif each != [[]]:
            yield what, [json.dumps([each])], error
            yield "no list of " + what, [json.dumps(each)], SERIALIZATION
    if not is_list(field):
        return
    yield "empty list", ["[]"], None
    yield "null in the list", ["[null]"], SERIALIZATION
    if bound.HasField("items_max"):
        yield ("longest list",
               [json.dumps([element(field)] * bound.items_max)], None)
        yield ("list that is too long",
               [json.dumps([element(field)] * (bound.items_max + 1))],
               CONSTRAINT)


def places(message, above=()):
    """All members, also of members: as the fields that lead to them."""
    for field in message.fields:
        place = above + (field,)
        yield place
        if is_object(field) and field.message_type not in {
                each.message_type for each in above}:
            yield from places(field.message_type, place)


def request(message, place, text):
    """The JSON of an input in which the member has the given JSON text."""
    mark = "the member's place"
    body = sample(message)
    within = body
    for field in place[:-1]:
        inner = sample(field.message_type)
        within[field.json_name] = [inner] if is_list(field) else inner
        within = inner
    within.pop(place[-1].json_name, None)
    if text is None:
        return json.dumps(body)
    within[place[-1].json_name] = mark
    return json.dumps(body).replace(json.dumps(mark), text[0])


class WireWalkTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.server = Server("--hold-max", "1ms")

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()

    def setUp(self):
        self.connection = http.client.HTTPConnection(
            self.server.http, timeout=PATIENCE_SECONDS)
        self.addCleanup(self.connection.close)

    def ask(self, target, body):
        self.connection.request("POST", "/", body.encode(), {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": target})
        response = self.connection.getresponse()
        return response.status, json.loads(response.read() or b"{}")

    def check(self, target, body, place, path, error):
        status, answer = self.ask(target, body)
        name, message = answer.get("__type"), answer.get("message", "")
        if error is None:
            self.assertNotEqual(name, SERIALIZATION, message)
            if not any(own_rule(field) in OWN_RULES for field in place):
                self.assertNotIn("validation error detected", message)
            self.assertLess(status, 500, answer)
            return
        self.assertEqual((status, name), (400, error), answer)
        if error == CONSTRAINT:
            self.assertIn("validation error detected", message)
        self.assertIn(path, message)
        self.assertNotIn("xxxx", message)

    def walk(self, target, message):
        count = 0
        for place in places(message):
            for what, text, error in cases(place[-1]):
                # The name of the member that is told; a member that is
                # missing in an object is told instead of it.
                path = (what.removeprefix("without ")
                        if what.startswith("without ")
                        else place[-1].json_name)
                with self.subTest(target=target, what=what, place=".".join(
                        field.json_name for field in place)):
                    self.check(target, request(message, place, text), place,
                               path, error)
                count += 1
        return count


def add(target, message):
    def test(self):
        count = self.walk(target, message)
        self.assertTrue(count or not message.fields)
    name = "test_" + target.replace(".", "_")
    setattr(WireWalkTest, name, test)


def is_stream(method):
    """Whether it is answered with a stream, which has no form in JSON."""
    declared = descriptor_pb2.MethodDescriptorProto()
    method.CopyToProto(declared)
    return declared.server_streaming


for module, service in SERVICES:
    for method in module.DESCRIPTOR.services_by_name[service].methods:
        if not is_stream(method):
            add(f"{service}.{method.name}", method.input_type)


if __name__ == "__main__":
    unittest.main()
