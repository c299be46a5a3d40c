#!/usr/bin/env bash
# ACES: a row for a window that never ends.
#
# Guess: `start -> death` leaves out a subject without a later death, as it does in every task where a further window hangs on that end.
# Seen: where nothing else hangs on it, one row a subject comes out in which trigger, index time and label are null.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check es-aces==0.7.3 polars==1.44.2
env/bin/python -W ignore - <<'PYTHON'
import logging
from datetime import datetime, timedelta
from importlib.metadata import version
import polars
from aces import config, predicates, query
from omegaconf import OmegaConf

logging.disable(logging.CRITICAL)

def rows(task, events):
    open("task.yaml", "w").write(task)
    schema = {"subject_id": polars.Int64, "time": polars.Datetime("us"), "code": polars.String, "numeric_value": polars.Float32}
    polars.DataFrame(events, schema=schema, orient="row").write_parquet("events.parquet")
    asked = config.TaskExtractorConfig.load("task.yaml")
    data = OmegaConf.create({"standard": "meds", "path": "events.parquet", "ts_format": None})
    return query.query(asked, predicates.get_predicates_df(asked, data)).to_dicts()

at = lambda day, hour=0: datetime(2020, 1, day, hour)

events = [(1, at(1), "ADMISSION", None), (1, at(2), "DISCHARGE", None), (1, at(4), "DEATH", None), (2, at(1), "ADMISSION", None), (2, at(2), "DISCHARGE", None)]
task = """
predicates:
  admission: {code: ADMISSION}
  discharge: {code: DISCHARGE}
  death: {code: DEATH}
trigger: admission
windows:
  target: {start: trigger, end: start -> death, start_inclusive: False, end_inclusive: True, label: discharge, index_timestamp: start}
"""
found = rows(task, events)
print(f"es-aces {version('es-aces')}: " + "; ".join(f"subject {row['subject_id']}: trigger {row['trigger']}, label {row['label']}" for row in found))
empty = [row for row in found if row["trigger"] is None]
assert [row["subject_id"] for row in empty] == [2] and len(found) == 2, "the behaviour has changed"
PYTHON
