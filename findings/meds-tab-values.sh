#!/usr/bin/env bash
# MEDS-Tab: every aggregation of values is empty.
#
# Guess: `value/sum` over the whole record of a subject with three haemoglobin values holds their sum.
# Seen: the matrices of `value/count`, `value/sum`, `value/min` and `value/max` have no entry at all; the run ends with 0, and a line in its log speaks of no data. `code/count` has
# entries. No value passes the filter in front of the aggregation. (Its issue 168.) Two tests share each instant here because the last event of an instant is left
# out: with one event an instant, counts are empty too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check meds-tab==0.2.0 MEDS_transforms==0.7.0 meds==0.4.1 polars==1.44.2 numpy==2.4.6 scipy==1.17.1 optuna==2.10.1 xgboost==3.2.0 scikit-learn==1.9.1
mkdir -p events/data/train events/metadata
env/bin/python -W ignore - <<'PYTHON'
import datetime, logging, sys
from importlib.metadata import version
from pathlib import Path
import numpy, polars

logging.disable(logging.CRITICAL)

rows = [(subject, datetime.datetime(2020, 1, day), code, float(10 + day)) for subject in range(1, 31) for day in (1, 2, 3) for code in ("HB", "HCT")]
rows += [(subject, None, "SEX//F", None) for subject in range(1, 31)] + [(subject, datetime.datetime(2020, 1, 4), "DISCHARGE", None) for subject in range(1, 31)]
schema = {"subject_id": polars.Int64, "time": polars.Datetime("us"), "code": polars.String, "numeric_value": polars.Float32}
polars.DataFrame(rows, schema=schema, orient="row").sort("subject_id", "time", nulls_last=False).write_parquet("events/data/train/0.parquet")
polars.DataFrame({"code": ["HB"], "description": ["haemoglobin"]}).write_parquet("events/metadata/codes.parquet")
common = ["input_dir=events/data", "output_dir=out", "do_overwrite=False"]
asked = ["tabularization.aggs=[code/count,value/count,value/sum,value/min,value/max]", "tabularization.window_sizes=[full]"]
from MEDS_tabular_automl.scripts import describe_codes, tabularize_static, tabularize_time_series
for script, arguments in [(describe_codes, common), (tabularize_static, common + asked), (tabularize_time_series, common + asked)]:
    sys.argv = ["meds-tab", *arguments]
    script.main()
entries = {"/".join(file.parts[-2:]): len(numpy.load(file)["array"][0]) for file in sorted(Path("out/tabularize").rglob("*.npz")) if "static" not in str(file)}
print(f"meds-tab {version('meds-tab')}: entries: {entries}")
values = [count for name, count in entries.items() if "value" in name]
assert values and not any(values) and entries["code/count.npz"] > 0, "the behaviour has changed"
PYTHON
