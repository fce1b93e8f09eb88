"""The command line reads and writes definition files as the AWS CLI does."""

import concurrent.futures
import copy
import json
import os
import random
import subprocess
import unittest

import grpc
from awscli.customizations.datapipeline import translator
from google.protobuf import json_format
from holdline.v1 import data_pipeline_pb2 as pipeline
from holdline.v1 import data_pipeline_pb2_grpc

from server_process import HOLDLINE, PATIENCE_SECONDS, new_folder

KEYS = ["type", "schedule", "dependsOn", "command", "*password", "myInput",
        "scriptArgument", "Übung", "a b", "Type", "_x", "z\"\\"]
TEXTS = ["", "x", "#{myX}", "two\nlines\t", "ü€😀", "\"quoted\" \\ /", "ref"]


class Recorder(data_pipeline_pb2_grpc.DataPipelineServicer):
    """Keeps the definition that it was given last."""

    def PutPipelineDefinition(self, request, context):
        self.put = request
        return pipeline.PutPipelineDefinitionOutput(errored=False)

    def GetPipelineDefinition(self, request, context):
        return pipeline.GetPipelineDefinitionOutput(
            pipeline_objects=self.put.pipeline_objects,
            parameter_objects=self.put.parameter_objects,
            parameter_values=self.put.parameter_values)


def some_definition(chance):
    """Returns a definition with everything that a file may hold."""
    def value(refs):
        one = (lambda: {"ref": chance.choice("ABC")} if refs
               and chance.random() < 0.4 else chance.choice(TEXTS))
        return [one() for _ in range(chance.randrange(4))] \
            if chance.random() < 0.4 else one()

    def members(refs):
        return {key: value(refs) for key in chance.sample(KEYS, 4)}

    definition = {"objects": []}
    for number in range(chance.randrange(5)):
        members_of = dict({"id": f"Object{number}"}, **members(True))
        if chance.random() < 0.5:
            members_of["name"] = chance.choice(TEXTS)
        definition["objects"].append(members_of)
    if chance.random() < 0.7:
        definition["parameters"] = [
            dict({"id": f"my{number}"}, **members(False)) for number in range(2)]
    if chance.random() < 0.7:
        definition["values"] = {f"my{key}": value(False) for key in "ZAM"}
    return definition


class TranslatorTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.recorder = Recorder()
        cls.server = grpc.server(concurrent.futures.ThreadPoolExecutor(2))
        data_pipeline_pb2_grpc.add_DataPipelineServicer_to_server(
            cls.recorder, cls.server)
        cls.address = f"127.0.0.1:{cls.server.add_insecure_port('127.0.0.1:0')}"
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop(None)

    def pipelines(self, *arguments):
        return subprocess.run(
            [HOLDLINE, "--address", self.address, "pipelines", *arguments],
            stdout=subprocess.PIPE, check=True, text=True,
            timeout=PATIENCE_SECONDS).stdout

    def test_both_translate_alike(self):
        chance = random.Random(20121029)
        path = os.path.join(new_folder(), "definition.json")
        for _ in range(30):
            definition = some_definition(chance)
            with open(path, "w") as file:
                json.dump(definition, file,
                          ensure_ascii=chance.random() < 0.5)
            with self.subTest(definition=definition):
                self.pipelines("put-definition", "df-1", "--definition", path)
                self.compare_sent(definition)
                self.compare_printed()

    def compare_sent(self, definition):
        sent = json_format.MessageToDict(self.recorder.put)
        expected = {
            "pipelineId": "df-1",
            "pipelineObjects": translator.definition_to_api_objects(
                copy.deepcopy(definition)),
            "parameterObjects": translator.definition_to_api_parameters(
                copy.deepcopy(definition)),
            "parameterValues": translator.definition_to_parameter_values(
                copy.deepcopy(definition)),
        }
        # An empty list is an absent one in protobuf, also within an object.
        self.assertEqual(sent, {k: v for k, v in expected.items() if v})

    def compare_printed(self):
        printed = json.loads(self.pipelines("get-definition", "df-1"))
        api = json_format.MessageToDict(
            self.recorder.put, always_print_fields_with_no_presence=True)
        del api["pipelineId"]
        expected = translator.api_to_definition(api)
        self.assertEqual(printed, {k: v for k, v in expected.items()
                                   if v or k == "objects"})


if __name__ == "__main__":
    unittest.main()
