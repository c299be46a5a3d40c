#!/usr/bin/env bash
# meds: a column of labels that holds nothing makes the whole table wrong.
#
# Guess: `integer_value`, which is optional and nullable in the schema's own words, may be there and be all null beside `boolean_value`.
# Seen: `LabelSchema.validate` refuses the table ("columns that should have no nulls but do"); without the column it passes. So a writer of labels must leave out
# every column that holds nothing, and a writer that streams must know before the first row which columns will.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check meds==0.4.1 pyarrow==26.0.1
env/bin/python -W ignore - <<'PYTHON'
import datetime
from importlib.metadata import version
import pyarrow
from meds import LabelSchema

labels = pyarrow.table({
    "subject_id": pyarrow.array([1], pyarrow.int64()),
    "prediction_time": pyarrow.array([datetime.datetime(2020, 1, 1)], pyarrow.timestamp("us")),
    "boolean_value": pyarrow.array([True]),
    "integer_value": pyarrow.array([None], pyarrow.int64()),
})
refused = None
try:
    LabelSchema.validate(labels)
except Exception as error:
    refused = f"{type(error).__name__}: {error}"
print(f"meds {version('meds')}: with an empty integer_value: {refused}")
LabelSchema.validate(labels.drop(["integer_value"]))
print("without the column: valid")
assert refused and "integer_value" in refused, "the behaviour has changed"
PYTHON
