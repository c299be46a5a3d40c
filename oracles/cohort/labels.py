"""Labels that ACES gives for random records: labels.json.

    pip install es-aces==0.7.3
    python oracles/cohort/labels.py

Writes the events, the task files and, for each task, the rows that ACES returns: subject, trigger, index time, label
(microseconds since 1970; null where ACES has none). The tolerance is none: rows are equal or not. The times are whole
hours, so that many events share an instant and many windows end on an event.
"""

import json
import logging
import random
import tempfile
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import polars as pl
from aces import config, predicates, query
from omegaconf import OmegaConf

logging.disable(logging.CRITICAL)
HERE = Path(__file__).resolve().parent
START = datetime(2020, 1, 1)
CODES = ["ADMISSION//ED", "ADMISSION//WARD", "DISCHARGE//HOME", "DEATH", "LAB//A", "LAB//B", "DRUG"]

PREDICATES = """\
predicates:
  admission: {code: {regex: "^ADMISSION//.*"}}
  discharge: {code: DISCHARGE//HOME}
  death: {code: DEATH}
  lab: {code: {any: [LAB//A, LAB//B]}}
  high_a: {code: LAB//A, value_min: 1.3, value_min_inclusive: true}
  low_b: {code: LAB//B, value_max: 0.7}
  middle: {code: {regex: "LAB"}, value_min: 0.3, value_max: 1.3, value_max_inclusive: true}
  discharge_or_death: {expr: "or(discharge, death)"}
  both_labs: {expr: "and(high_a, low_b)"}
  trouble: {expr: "or(both_labs, death)"}
"""

TASKS = {
    "mortality": """
trigger: admission
windows:
  input: {start: null, end: trigger + 24h, start_inclusive: True, end_inclusive: True, has: {_ANY_EVENT: "(3, None)"}, index_timestamp: end}
  gap: {start: trigger, end: start + 48h, start_inclusive: False, end_inclusive: True, has: {admission: "(None, 0)", discharge: "(None, 0)", death: "(None, 0)"}}
  target: {start: gap.end, end: start -> discharge_or_death, start_inclusive: False, end_inclusive: True, label: death}
""",
    "readmission": """
trigger: admission
windows:
  input: {start: trigger, end: start -> discharge, start_inclusive: False, end_inclusive: True, index_timestamp: end}
  target: {start: input.end, end: start + 5 days, start_inclusive: False, end_inclusive: True, label: admission}
""",
    "any_event": """
trigger: _ANY_EVENT
windows:
  gap: {start: trigger, end: start + 2 hours, start_inclusive: True, end_inclusive: True, index_timestamp: end}
  target: {start: gap.end, end: start + 24 hours, start_inclusive: False, end_inclusive: True, label: death}
""",
    "previous": """
trigger: discharge
windows:
  stay: {start: end <- admission, end: trigger, start_inclusive: True, end_inclusive: False, has: {lab: "(1, 4)"}}
  before: {start: end <- discharge, end: stay.start, start_inclusive: False, end_inclusive: False, has: {admission: "(None, 1)"}}
  after: {start: stay.end, end: start + 3d, start_inclusive: True, end_inclusive: False, label: trouble, index_timestamp: start}
""",
    "inclusive_start": """
trigger: admission
windows:
  again: {start: trigger, end: start -> admission, start_inclusive: True, end_inclusive: False, has: {high_a: "(None, 1)"}}
  then: {start: again.end, end: start + 12h, start_inclusive: True, end_inclusive: True, label: middle, index_timestamp: start}
""",
    "same_instant": """
trigger: admission
windows:
  here: {start: trigger, end: start -> lab, start_inclusive: True, end_inclusive: True, has: {lab: "(1, None)"}, index_timestamp: end}
  rest: {start: here.end, end: null, start_inclusive: False, end_inclusive: True, label: low_b}
""",
    "shifted": """
trigger: admission
windows:
  late: {start: trigger + 6h, end: start -> discharge_or_death, start_inclusive: True, end_inclusive: True, has: {lab: "(None, 3)"}, index_timestamp: start}
  early: {start: end <- lab, end: late.start - 2h, start_inclusive: True, end_inclusive: True, has: {_ANY_EVENT: "(1, None)"}}
  target: {start: late.end, end: start + 36h, start_inclusive: False, end_inclusive: False, label: admission}
""",
    "shifted_open": """
trigger: admission
windows:
  late: {start: trigger + 6h, end: start -> lab, start_inclusive: False, end_inclusive: False, has: {admission: "(None, 1)"}, index_timestamp: start}
  early: {start: end <- lab, end: trigger + 9h, start_inclusive: False, end_inclusive: False, has: {lab: "(None, 0)"}}
  back: {start: end <- _RECORD_START, end: trigger - 5h, start_inclusive: True, end_inclusive: True}
  target: {start: late.end, end: start + 36h, start_inclusive: False, end_inclusive: False, label: middle}
""",
    "demographics": """
patient_demographics:
  female: {code: SEX//F}
trigger: lab
windows:
  past: {start: end - 2 days, end: trigger, start_inclusive: False, end_inclusive: True, has: {lab: "(2, None)"}}
  next: {start: trigger, end: start + 1d 12h, start_inclusive: False, end_inclusive: True, label: lab, index_timestamp: start}
""",
    "record_ends": """
trigger: _RECORD_START
windows:
  whole: {start: trigger, end: null, start_inclusive: True, end_inclusive: True, has: {admission: "(1, None)", _RECORD_END: "(1, 1)"}, index_timestamp: start}
  tail: {start: whole.end - 1 day, end: start + 1 day, start_inclusive: False, end_inclusive: True, label: discharge}
""",
    "derived_static": """
patient_demographics:
  female: {code: SEX//F}
trigger: female_lab
windows:
  next: {start: trigger, end: start + 2d, start_inclusive: False, end_inclusive: True, label: always, has: {female_lab: "(1, None)"}, index_timestamp: end}
""",
    "no_label": """
trigger: discharge
windows:
  past: {start: null, end: trigger, start_inclusive: True, end_inclusive: True, has: {admission: "(2, None)"}}
  later: {start: trigger, end: start + 1d, start_inclusive: False, end_inclusive: True, has: {_ANY_EVENT: "(1, None)"}}
""",
}
MORE = {"derived_static": '  female_lab: {expr: "and(female, lab)"}\n  always: {expr: "or(female, death)"}\n'}

# What ACES gives where bedside differs on purpose; the test says what bedside gives.
DIFFERENT = {
    "value_alone": """
trigger: admission
windows:
  target: {start: trigger, end: start + 9 days, start_inclusive: True, end_inclusive: True, label: high_lab, index_timestamp: start}
  other: {start: trigger, end: start + 9 days, start_inclusive: True, end_inclusive: True}
""",
    "end_by_distance": """
trigger: admission
windows:
  input: {start: end - 24h, end: trigger, start_inclusive: True, end_inclusive: True, index_timestamp: end}
  target: {start: trigger, end: start + 3d, start_inclusive: False, end_inclusive: True, label: death}
""",
    "never_comes": """
trigger: admission
windows:
  target: {start: trigger, end: start -> death, start_inclusive: False, end_inclusive: True, label: discharge, index_timestamp: start}
""",
}
MORE["value_alone"] = '  high: {code: null, value_min: 1.3, value_min_inclusive: true}\n  high_lab: {expr: "and(lab, high)"}\n'


def records(seed):
    draw = random.Random(seed)
    rows = []
    for subject in range(1, 61):
        number = subject * 7 + 1000
        if draw.random() < 0.9:
            rows.append((number, None, draw.choice(["SEX//F", "SEX//M"]), None))
        hour = 0
        for _ in range(draw.randrange(0, 30)):
            hour += draw.choice([0, 0, 1, 2, 3, 6, 12, 24])
            code = draw.choice(CODES)
            value = draw.choice([None, 0.3, 0.5, 0.7, 1.0, 1.3, 2.0]) if code.startswith("LAB") else None
            rows.append((number, START + timedelta(hours=hour), code, value))
    return pl.DataFrame(
        rows, schema={"subject_id": pl.Int64, "time": pl.Datetime("us"), "code": pl.String, "numeric_value": pl.Float32}, orient="row"
    )


def micros(time):
    return None if time is None else round((time - datetime(1970, 1, 1)) / timedelta(microseconds=1))


def labels(task, events, folder):
    (folder / "task.yaml").write_text(task)
    events.write_parquet(folder / "events.parquet")
    cfg = config.TaskExtractorConfig.load(folder / "task.yaml")
    data = OmegaConf.create({"standard": "meds", "path": str(folder / "events.parquet"), "ts_format": None})
    found = query.query(cfg, predicates.get_predicates_df(cfg, data))
    rows = []
    for row in found.iter_rows(named=True):
        label = row.get("label")
        rows.append([row["subject_id"], micros(row["trigger"]), micros(row.get("index_timestamp")), None if label is None else label > 0])
    return sorted(rows, key=lambda row: [-(2**62) if cell is None else cell for cell in row])


def main():
    events = records(20261123)
    tasks = []
    with tempfile.TemporaryDirectory() as folder:
        for group, same in [(TASKS, True), (DIFFERENT, False)]:
            for name, text in group.items():
                text = PREDICATES + MORE.get(name, "") + text.lstrip("\n")
                rows = labels(text, events, Path(folder))
                print(f"{name}: {len(rows)} rows, {sum(bool(r[3]) for r in rows)} with the label")
                tasks.append({"name": name, "same": same, "task": text, "rows": rows})
    columns = {
        "subject_id": events["subject_id"].to_list(),
        "time": [micros(time) for time in events["time"]],
        "code": events["code"].to_list(),
        "numeric_value": events["numeric_value"].to_list(),
    }
    about = {"made by": "oracles/cohort/labels.py", "es-aces": version("es-aces"), "polars": version("polars"), "tolerance": 0}
    text = json.dumps({"about": about, "events": columns, "tasks": tasks}, indent=None, separators=(",", ":"))
    (HERE / "labels.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
