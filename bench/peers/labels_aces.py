"""ACES on one file: labels_aces.py TASK EVENTS OUT. Prints the seconds inside, from the file to the rows in memory."""

import json
import logging
import sys
import time

from aces import config, predicates, query
from omegaconf import OmegaConf

logging.disable(logging.CRITICAL)
task, events, out = sys.argv[1:]
start = time.perf_counter()
settings = config.TaskExtractorConfig.load(task)
data = OmegaConf.create({"standard": "meds", "path": events, "ts_format": None})
rows = query.query(settings, predicates.get_predicates_df(settings, data))
inside = time.perf_counter() - start
rows.select("subject_id", "index_timestamp", "label").write_parquet(out)
print(json.dumps({"seconds_inside": inside, "rows": len(rows)}))
