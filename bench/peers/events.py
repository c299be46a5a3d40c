"""Many copies of the MIMIC-IV demo's events, each with subjects of its own: events.py SOURCE COPIES OUT.

The columns get their MEDS names; row groups have a million rows, as pyarrow writes them by default.
"""

import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

source, copies, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
events = pq.read_table(source, columns=["subject_id", "time", "code", "value"])
events = events.rename_columns(["subject_id", "time", "code", "numeric_value"]).replace_schema_metadata(None)
with pq.ParquetWriter(out, events.schema, compression="zstd") as writer:
    for copy in range(copies):
        subject = pc.add(events["subject_id"], pa.scalar(copy * 100_000_000, pa.int64()))
        writer.write_table(events.set_column(0, "subject_id", subject), row_group_size=1024 * 1024)
