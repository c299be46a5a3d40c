#!/usr/bin/env bash
# Parquet: where does a stay end that is still open?
#
# Spark, Hive and Impala write timestamps as INT96: a Julian day and the nanoseconds of the day. Open intervals commonly end on 9999-12-31.
# Guess: every reader gives 9999-12-31, or an error.
# Seen: DuckDB gives 9999-12-31; polars gives the last instant of 64-bit nanoseconds, in 2262; pyarrow and pandas wrap round without a word, into 1816, unless
# `coerce_int96_timestamp_unit` is given.
# Why it matters here: an open stay's end before its beginning is an event of the past, and a feature of those who have not been discharged.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pyarrow==26.0.1 polars==2.1.0 duckdb==2.0.1 pandas==3.1.1
env/bin/python -W ignore - <<'PYTHON'
import datetime
import duckdb, pandas, polars, pyarrow
import pyarrow.parquet as parquet

end = pyarrow.array([datetime.datetime(2024, 5, 1, 9), datetime.datetime(9999, 12, 31)], pyarrow.timestamp("us"))
parquet.write_table(pyarrow.table({"end": end}), "stays.parquet", use_deprecated_int96_timestamps=True, store_schema=False)
years = {
    f"duckdb {duckdb.__version__}": duckdb.sql("select year(\"end\") from 'stays.parquet'").fetchall()[1][0],
    f"polars {polars.__version__}": polars.read_parquet("stays.parquet")["end"].dt.year()[1],
    f"pyarrow {pyarrow.__version__}": parquet.read_table("stays.parquet")["end"].cast("timestamp[ns]").cast("timestamp[us]", safe=False)[1].as_py().year,
    f"pyarrow {pyarrow.__version__}, coerced to microseconds": parquet.read_table("stays.parquet", coerce_int96_timestamp_unit="us")["end"][1].as_py().year,
    f"pandas {pandas.__version__}": int(pandas.read_parquet("stays.parquet")["end"].dt.year[1]),
}
for reader, year in years.items():
    print(f"{reader}: {year}")
assert list(years.values()) == [9999, 2262, 1816, 9999, 1816], "the behaviour has changed"
PYTHON
