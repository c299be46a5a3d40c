"""Whether two files have the same labels: labels_judge.py BEDSIDE ACES."""

import json
import sys

import polars as pl

ours = pl.read_parquet(sys.argv[1]).select("subject_id", "prediction_time", "boolean_value")
theirs = pl.read_parquet(sys.argv[2]).select(
    "subject_id", prediction_time="index_timestamp", boolean_value=pl.col("label") > 0
)
order = ["subject_id", "prediction_time", "boolean_value"]
print(json.dumps({"equal": ours.sort(order).equals(theirs.sort(order)), "rows": len(ours), "positive": int(ours["boolean_value"].sum())}))
