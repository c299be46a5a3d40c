#!/usr/bin/env bash
# ACES: `and` of a code and a value, both true of the same event, is never true.
#
# Guess: `and(lab, high)` counts the events that are a laboratory test and have a high value.
# Seen: label 0 for a subject whose only event after admission is a test with a high value. The same question with the code and the bound in one plain predicate has label 1.
# (Its issue 193.)
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

events = [(1, at(1), "ADMISSION", None), (1, at(2), "LAB//A", 2.0)]
task = """
predicates:
  admission: {code: ADMISSION}
  lab: {code: LAB//A}
  high: {code: null, value_min: 1.3}
  high_lab: {expr: "and(lab, high)"}
  in_one: {code: LAB//A, value_min: 1.3}
  same: {expr: "or(in_one, in_one)"}
trigger: admission
windows:
  target: {start: trigger, end: start + 9 days, start_inclusive: True, end_inclusive: True, label: LABEL, index_timestamp: start}
  other: {start: trigger, end: start + 9 days, start_inclusive: True, end_inclusive: True}
"""
derived = rows(task.replace("LABEL", "high_lab"), events)[0]["label"]
plain = rows(task.replace("LABEL", "same"), events)[0]["label"]
print(f"es-aces {version('es-aces')}: and(lab, high): label {derived}; one predicate with both: label {plain}")
assert not derived and plain, "the behaviour has changed"
PYTHON
