"""Pipelines over gRPC in few words: definitions and objects as dictionaries.

In both a field is a key and a value, or a list of values for a key that
repeats. A value that refers to an object is {"ref": ID}.
"""

from grpc_client import TIMEOUT_SECONDS, pipeline

# What one call takes and gives.
PAGE = 100


def definition(**objects):
    """The objects of a definition, each from its fields by its id."""
    return [
        pipeline.PipelineObject(id=name, name=name, fields=[
            field for key, values in fields.items()
            for field in _fields(key, values)])
        for name, fields in objects.items()]


def _fields(key, values):
    for value in values if isinstance(values, list) else [values]:
        if isinstance(value, dict):
            yield pipeline.Field(key=key, ref_value=value["ref"])
        else:
            yield pipeline.Field(key=key, string_value=value)


def fields_of(described):
    """The fields of a PipelineObject; each key has the list of its values."""
    fields = {}
    for field in described.fields:
        value = (field.ref_value if field.HasField("ref_value")
                 else field.string_value)
        fields.setdefault(field.key, []).append(value)
    return fields


def create(client, name, objects):
    """Makes a pipeline of `objects`, and returns its id."""
    pipeline_id = client.pipeline.CreatePipeline(
        pipeline.CreatePipelineInput(name=name, unique_id=name),
        timeout=TIMEOUT_SECONDS).pipeline_id
    answer = client.pipeline.PutPipelineDefinition(
        pipeline.PutPipelineDefinitionInput(
            pipeline_id=pipeline_id, pipeline_objects=objects),
        timeout=TIMEOUT_SECONDS)
    if answer.errored:
        raise AssertionError(answer.validation_errors)
    return pipeline_id


def activate(client, pipeline_id):
    client.pipeline.ActivatePipeline(
        pipeline.ActivatePipelineInput(pipeline_id=pipeline_id),
        timeout=TIMEOUT_SECONDS)


def deactivate(client, pipeline_id, cancel_active=True):
    client.pipeline.DeactivatePipeline(
        pipeline.DeactivatePipelineInput(
            pipeline_id=pipeline_id, cancel_active=cancel_active),
        timeout=TIMEOUT_SECONDS)


def set_status(client, pipeline_id, object_ids, status):
    client.pipeline.SetStatus(
        pipeline.SetStatusInput(pipeline_id=pipeline_id, object_ids=object_ids,
                                status=status),
        timeout=TIMEOUT_SECONDS)


def query(client, pipeline_id, sphere, **equal):
    """The ids of the objects of a sphere, over all pages. `equal` has a list of
    values that will do for a field, whose `@` is left out."""
    wanted = pipeline.Query(selectors=[
        pipeline.Selector(field_name="@" + key, operator=pipeline.Selector.Operator(
            type="EQ", values=values)) for key, values in equal.items()])
    ids = []
    marker = None
    while True:
        answer = client.pipeline.QueryObjects(
            pipeline.QueryObjectsInput(
                pipeline_id=pipeline_id, sphere=sphere, query=wanted,
                marker=marker, limit=PAGE),
            timeout=TIMEOUT_SECONDS)
        ids += answer.ids
        if not answer.has_more_results:
            return ids
        marker = answer.marker


def describe(client, pipeline_id, ids):
    """The fields of objects, by their ids."""
    described = {}
    for first in range(0, len(ids), PAGE):
        answer = client.pipeline.DescribeObjects(
            pipeline.DescribeObjectsInput(
                pipeline_id=pipeline_id, object_ids=ids[first:first + PAGE]),
            timeout=TIMEOUT_SECONDS)
        for found in answer.pipeline_objects:
            described[found.id] = fields_of(found)
    return described


def state(client, pipeline_id):
    answer = client.pipeline.DescribePipelines(
        pipeline.DescribePipelinesInput(pipeline_ids=[pipeline_id]),
        timeout=TIMEOUT_SECONDS)
    return fields_of(answer.pipeline_description_list[0])["@pipelineState"][0]
