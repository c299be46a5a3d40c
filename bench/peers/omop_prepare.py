"""OMOP tables of so many rows: omop_prepare.py SOURCE ROWS OUT.

The tables of the source again and again, each time of other patients, until there are so many rows of events. Numbers of
record are written as whole numbers, as databases export them; every fourth measurement gets a value and a unit, and times
of day are filled in, because the source has neither.
"""

import sys
from pathlib import Path

import numpy as np
import polars as pl

source, wanted, out = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
TABLES = [
    "person", "observation_period", "visit_occurrence", "condition_occurrence", "drug_exposure", "procedure_occurrence",
    "measurement", "observation",
]


def read(name):
    table = pl.read_csv(source / f"{name}.csv", infer_schema_length=None)
    whole = [
        name for name, kind in table.schema.items()
        if kind == pl.Float64 and name.endswith(("_id", "_of_birth")) and name != "value_as_number"
    ]
    return table.with_columns(pl.col(whole).cast(pl.Int64))


def clock(rows):
    seconds = random.integers(1, 86_400, rows)
    return pl.Series([f" {s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in seconds])


random = np.random.default_rng(1)
tables = {name: read(name) for name in TABLES}
persons = tables["person"]["person_id"]
tables = {name: table.filter(pl.col("person_id").is_in(persons.implode())) for name, table in tables.items()}
rows = sum(len(table) for name, table in tables.items() if name != "person")
copies = -(-wanted // rows)
out.mkdir(parents=True, exist_ok=True)
for name in ["concept", "concept_ancestor"]:
    read(name).write_csv(out / f"{name}.csv")
for name, table in tables.items():
    with open(out / f"{name}.csv", "wb") as file:
        for copy in range(copies):
            more = table.with_columns(pl.col("person_id") + copy * 1_000_000)
            if f"{name}_id" in table.columns and name != "person":
                more = more.with_columns(pl.col(f"{name}_id") + copy * 10_000_000)
            clocks = [c for c in table.columns if c.endswith("_datetime") and not c.startswith("birth")]
            more = more.with_columns([
                pl.when(pl.col(c).is_not_null())
                .then(pl.concat_str(pl.col(c).cast(pl.String).str.head(10), clock(len(table))))
                .alias(c)
                for c in clocks
            ])
            if name == "measurement":
                valued = random.random(len(table)) < 0.25
                more = more.with_columns(
                    pl.Series("value_as_number", np.where(valued, np.round(random.gamma(4, 20, len(table)), 1), np.nan))
                    .fill_nan(None),
                    pl.Series("unit_source_value", np.where(valued, "mg/dL", "")).replace("", None),
                )
            more.write_csv(file, include_header=copy == 0)
print(copies, "copies,", rows * copies, "rows of events")
