#!/usr/bin/env bash
# ACES: the index time is the start of the window where its end was asked for.
#
# Guess: `{start: end - 24h, end: trigger, index_timestamp: end}` has its index time at the trigger.
# Seen: it is 24 hours before the trigger. With the same window written from its start (`start: trigger`, `end: start + 24h`), `end` is the end.
# Why it matters here: a model is trained at another time than it is used.
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

events = [(1, at(1), "LAB", None), (1, at(3), "ADMISSION", None), (1, at(4), "DEATH", None)]
task = """
predicates:
  admission: {code: ADMISSION}
  death: {code: DEATH}
trigger: admission
windows:
  input: {start: end - 24h, end: trigger, start_inclusive: True, end_inclusive: True, index_timestamp: end}
  target: {start: trigger, end: start + 3d, start_inclusive: False, end_inclusive: True, label: death}
"""
row = rows(task, events)[0]
print(f"es-aces {version('es-aces')}: trigger {row['trigger']}, index time {row['index_timestamp']}")
assert row["trigger"] == at(3) and row["index_timestamp"] == at(2), "the behaviour has changed"
PYTHON
