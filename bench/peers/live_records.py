#!/usr/bin/env python3
"""live_records.py EVENTS LABELS TARGET: records of live patients, as JSON, each with their last 2,000 events up to an index time."""

import json
import sys
from pathlib import Path

import pandas as pd

EVENTS, PATIENTS = 2000, 8


def main(events, labels, target):
    events = pd.read_parquet(events).rename(columns={"value": "numeric_value"})
    labels = pd.read_parquet(labels, columns=["subject_id", "prediction_time"])
    records = []
    for row in labels.itertuples():
        own = events[events["subject_id"] == row.subject_id]
        fixed, past = own[own["time"].isna()], own[own["time"] <= row.prediction_time]
        kept = pd.concat([fixed, past.sort_values("time", kind="stable").tail(EVENTS - len(fixed))])
        if len(kept) < EVENTS:
            continue
        records.append({
            "prediction_time": row.prediction_time.isoformat(),
            "events": [
                {
                    **({} if pd.isna(e.time) else {"time": e.time.isoformat()}),
                    "code": e.code,
                    **({} if pd.isna(e.numeric_value) else {"numeric_value": float(e.numeric_value)}),
                }
                for e in kept.itertuples()
            ],
        })
        if len(records) == PATIENTS:
            break
    Path(target).write_text(json.dumps(records))


if __name__ == "__main__":
    main(*sys.argv[1:])
