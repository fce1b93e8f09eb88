-- What holds more than one value becomes a message of sql/stored.proto. The
-- functions read the form before: packed_functions.h.

UPDATE pipeline SET tags = tags_of_packed(tags) WHERE length(tags) > 0;

UPDATE definition SET definition = definition_of_packed(definition);

UPDATE component SET health_from = instance_of_packed(health_from, pipeline);

UPDATE instance
SET waiting_on = instances_of_packed(waiting_on, pipeline, start_time),
    cascade_failed_on =
        instances_of_packed(cascade_failed_on, pipeline, start_time)
WHERE length(waiting_on) > 0 OR length(cascade_failed_on) > 0;
