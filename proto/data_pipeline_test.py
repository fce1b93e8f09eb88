"""data_pipeline.proto is the AWS service model, member for member.

Walks botocore's model and our descriptors side by side. What differs on purpose
stands in DIFFERENCES with its reason; a difference that is gone must go from
there, too.
"""

import unittest

import botocore.session
from holdline.v1 import contract_pb2
from holdline.v1 import data_pipeline_pb2

PACKAGE = "holdline.v1."
EMPTY = "google.protobuf.Empty"

# (where, what): why.
DIFFERENCES = {
    ("PollForTaskInput.workerGroup", "min"):
        "AWS refuses an empty worker group at the service (decision DEC in "
        "DATAPIPELINE section 3.14); we declare what is refused.",
    ("SetTaskStatusInput.errorStackTrace", "max"):
        "A finished task is not lost for a long stack trace (DATAPIPELINE "
        "section 3.16): taken at any length, kept to a limit.",
    ("DescribeObjectsInput.objectIds", "items_max"):
        "Not in the model, which leaves it to the service: the AWS CLI sends "
        "up to 100 (DATAPIPELINE section 3.10).",
    ("DescribePipelinesInput.pipelineIds", "items_max"):
        "Not in the model, but in the reference (DATAPIPELINE section 3.8).",
    ("Query.selectors", "items_max"):
        "Not in the model, but in the reference (DATAPIPELINE section 3.11).",
    ("QueryObjectsInput.limit", "min"):
        "A page of nothing would never end (DATAPIPELINE section 3.11).",
    ("Operator.values", "items_max"):
        "Not in the model. Far more than any filter needs.",
    ("PollForTaskInput", "members"):
        "taskrunnerId, which tells the runners of a host apart, is ours "
        "(DATAPIPELINE section 3.14).",
    ("PollForTaskOutput", "members"):
        "terminate, which answers a poll that has one, is ours.",
    ("Operator", "name"):
        "Operator is a service of ours, so AWS's shape of that name is nested "
        "in Selector, which alone uses it.",
}

# The fields of ours, which AWS does not have: why.
OURS = {
    "SetTaskStatusInput.doNotRetry":
        "AWS has no word for it. Its clients say so with their errorId "
        "(DATAPIPELINE section 3.16).",
    "SetTaskStatusOutput.canceled":
        "AWS leaves a runner in the belief that its result counted.",
}

# Messages that AWS has under another name.
SHAPE_NAMES = {"Selector.Operator": "Operator"}

SCALARS = {
    "string": "string",
    "boolean": "bool",
    "integer": "int32",
    "timestamp": "google.protobuf.Timestamp",
}


def model():
    return botocore.session.get_session().get_service_model("datapipeline")


def service():
    return data_pipeline_pb2.DESCRIPTOR.services_by_name["DataPipeline"]


def limits(field):
    return field.GetOptions().Extensions[contract_pb2.limits]


def is_ours(field):
    return field.GetOptions().Extensions[contract_pb2.ours]


def shape_name(message):
    """The AWS name of one of our messages."""
    name = message.full_name.removeprefix(PACKAGE)
    return SHAPE_NAMES.get(name, name)


def type_name(field):
    """The type of a field, or of an element of a list, in AWS's words."""
    if field.message_type:
        if field.message_type.full_name.startswith("google."):
            return field.message_type.full_name
        return shape_name(field.message_type)
    if field.enum_type:
        return "string"
    return {field.TYPE_STRING: "string", field.TYPE_BOOL: "bool",
            field.TYPE_INT32: "int32"}[field.type]


def is_repeated(field):
    return field.is_repeated if hasattr(field, "is_repeated") \
        else field.label == field.LABEL_REPEATED


def is_map(field):
    return bool(field.message_type
                and field.message_type.GetOptions().map_entry)


def form(field):
    """How a field is built, in the form of `shape_form`."""
    if is_map(field):
        entry = field.message_type.fields_by_name
        return f"map<{type_name(entry['key'])}, {type_name(entry['value'])}>"
    return ("list " if is_repeated(field) else "") + type_name(field)


def shape_form(shape):
    if shape.type_name == "list":
        return "list " + shape_form(shape.member)
    if shape.type_name == "map":
        return f"map<{shape_form(shape.key)}, {shape_form(shape.value)}>"
    return SCALARS.get(shape.type_name, shape.name)


class DataPipelineTest(unittest.TestCase):

    def setUp(self):
        self.found = set()

    def expect_same(self, where, what, ours, theirs):
        """Fails unless both are the same or the difference is wanted."""
        if ours == theirs:
            return
        self.found.add((where, what))
        if (where, what) not in DIFFERENCES:
            self.fail(f"{where}: {what} is {ours!r} here and {theirs!r} at AWS")

    def test_operations_and_errors_are_the_same(self):
        methods = {m.name: m for m in service().methods}
        self.assertEqual(sorted(methods), sorted(model().operation_names))
        for name, method in methods.items():
            operation = model().operation_model(name)
            self.expect_same(
                name, "errors",
                sorted(method.GetOptions().Extensions[contract_pb2.errors]),
                sorted(shape.name for shape in operation.error_shapes))
            for what, ours, theirs in (
                    ("input", method.input_type, operation.input_shape),
                    ("output", method.output_type, operation.output_shape)):
                expected = PACKAGE + theirs.name if theirs else EMPTY
                self.expect_same(name, what, ours.full_name, expected)

    def test_members_are_the_same(self):
        shapes = {name: model().shape_for(name) for name in model().shape_names}
        structures = {
            name: shape for name, shape in shapes.items()
            if shape.type_name == "structure"
            and not shape.metadata.get("exception")}
        messages = self.messages()
        self.assertEqual(sorted(messages), sorted(structures))
        for name, shape in structures.items():
            fields = {f.json_name: f for f in messages[name].fields
                      if not is_ours(f)}
            self.expect_same(name, "members", sorted(fields),
                             sorted(shape.members))
            for member, member_shape in shape.members.items():
                self.check_member(f"{name}.{member}", fields[member],
                                  member_shape,
                                  member in shape.required_members)
        self.assertEqual(self.found, set(DIFFERENCES),
                         "a difference that is listed does not exist")

    def test_fields_of_ours_are_few_and_have_a_reason(self):
        self.assertEqual(
            {f"{name}.{field.json_name}"
             for name, message in self.messages().items()
             for field in message.fields if is_ours(field)}, set(OURS))

    def messages(self):
        """All messages by their AWS names."""
        found = {}

        def visit(message):
            if message.GetOptions().map_entry:
                return
            name = shape_name(message)
            if name != message.full_name.removeprefix(PACKAGE):
                self.expect_same(name, "name",
                                 message.full_name.removeprefix(PACKAGE), name)
            found[name] = message
            for nested in message.nested_types:
                visit(nested)

        for message in data_pipeline_pb2.DESCRIPTOR.message_types_by_name.values():
            visit(message)
        return found

    def check_member(self, where, field, shape, required):
        self.expect_same(where, "type", form(field), shape_form(shape))
        ours = limits(field)
        self.expect_same(where, "required", ours.required, required)
        element = shape
        if shape.type_name == "list":
            self.expect_same(where, "items_max",
                             ours.items_max if ours.HasField("items_max") else None,
                             shape.metadata.get("max"))
            element = shape.member
        # An empty string satisfies a minimum of none and one of zero alike.
        self.expect_same(where, "min", ours.min,
                         element.metadata.get("min", 0))
        self.expect_same(where, "max",
                         ours.max if ours.HasField("max") else None,
                         element.metadata.get("max"))
        self.expect_same(where, "any_character", ours.any_character,
                         element.type_name == "string" and not element.enum
                         and "pattern" not in element.metadata)
        if field.enum_type:
            names = [v.name for v in field.enum_type.values if v.number]
            self.expect_same(where, "enum", sorted(names), sorted(element.enum))

    def test_absence_is_told_from_emptiness(self):
        for name, message in self.messages().items():
            for field in message.fields:
                if not is_repeated(field) and not field.message_type:
                    self.assertTrue(field.has_presence, f"{name}.{field.name}")


if __name__ == "__main__":
    unittest.main()
