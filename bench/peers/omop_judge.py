"""Whether two data sets hold the same events: omop_judge.py BEDSIDE PANDAS. Order within an instant does not count."""

import json
import sys
from pathlib import Path

import polars as pl


def read(folder):
    events = pl.concat([
        pl.read_parquet(shard).select(
            "subject_id", pl.col("time").cast(pl.Datetime("us")), pl.col("code").cast(pl.String),
            pl.col("numeric_value").cast(pl.Float32).fill_nan(None),
        )
        for shard in sorted((Path(folder) / "data").glob("*.parquet"), key=lambda path: int(path.stem))
    ])
    return events.sort("subject_id", "time", "code", "numeric_value", nulls_last=False)


ours, theirs = read(sys.argv[1]), read(sys.argv[2])
print(json.dumps({"equal": ours.equals(theirs), "events": len(ours), "peer_events": len(theirs)}))
