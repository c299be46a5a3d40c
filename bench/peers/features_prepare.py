"""The events as MEDS-Tab wants them, one shard of training subjects: features_prepare.py EVENTS OUT.

Subjects and times in order, values in single precision, as the MEDS schema has them.
"""

import sys
from pathlib import Path

import polars as pl

source, out = sys.argv[1], Path(sys.argv[2])
events = pl.read_parquet(source).select(
    pl.col("subject_id").cast(pl.Int64), pl.col("time").cast(pl.Datetime("us")), pl.col("code").cast(pl.String),
    pl.col("numeric_value").cast(pl.Float32),
)
(out / "train").mkdir(parents=True, exist_ok=True)
events.sort(["subject_id", "time"], nulls_last=False, maintain_order=True).write_parquet(out / "train" / "0.parquet")
