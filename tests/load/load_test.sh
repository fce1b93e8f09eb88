#!/usr/bin/env bash
# Every life that was begun is finished, and every figure is there. Says nothing
# about how quickly: that is what tests/load/run is for.
set -euo pipefail

"$1" --quick --server "$2" --raw-server "$3" --echo-server "$4" \
  --directory "$TEST_TMPDIR" --json "$TEST_TMPDIR/figures.json"

/usr/bin/python3 - "$TEST_TMPDIR/figures.json" <<'PYTHON'
import json
import sys

figures = json.load(open(sys.argv[1]))
assert figures["tasksSubmitted"] == figures["tasksFinished"] > 0, figures
assert len(figures["measures"]) == 31, len(figures["measures"])
for measure in figures["measures"]:
    for name in ["broker", "raw"]:
        # What may be next to nothing.
        if measure["measure"] not in ("idle CPU, % of a core",
                                      "CPU us of the gateway"):
            assert measure.get(name, 1) > 0, (name, measure)
PYTHON
