"""OMOP tables to MEDS events, by hand in pandas: omop_pandas.py FOLDER OUT.

What `bedside import omop` makes of these tables, for tables that have no odd rows: no check of anything, all in memory,
pandas' fastest reader (that of Arrow, on all cores).
"""

import json
import sys
import time
from pathlib import Path

import pandas as pd

folder, out = Path(sys.argv[1]), Path(sys.argv[2])
began = time.perf_counter()
END_OF_DAY = pd.Timedelta("23:59:59")


def read(name, columns):
    head = pd.read_csv(folder / f"{name}.csv", nrows=0).columns
    columns = [column for column in columns if column in head]
    return pd.read_csv(folder / f"{name}.csv", usecols=columns, engine="pyarrow", dtype_backend="pyarrow")


concepts = read("concept", ["concept_id", "vocabulary_id", "concept_code"])
name_of = pd.Series(
    (concepts["vocabulary_id"].astype(str) + "/" + concepts["concept_code"].astype(str)).values, index=concepts["concept_id"].astype("int64")
).astype("category")
known = {8507: "Gender/M", 8532: "Gender/F", 8515: "Race/2", 8516: "Race/3", 8527: "Race/5", 38003563: "Ethnicity/Hispanic",
         38003564: "Ethnicity/Not Hispanic", 9201: "Visit/IP", 9202: "Visit/OP", 9203: "Visit/ER"}
names = {**known, **dict(zip(concepts["concept_id"].astype("int64"), concepts["vocabulary_id"].astype(str) + "/" + concepts["concept_code"].astype(str)))}
parts = []


def add(subjects, times, codes, values=None):
    part = pd.DataFrame({"subject_id": subjects.to_numpy("int64"), "time": times, "code": codes})
    part["numeric_value"] = values.to_numpy("float32", na_value=float("nan")) if values is not None else float("nan")
    part["numeric_value"] = part["numeric_value"].astype("float32")
    parts.append(part)


def moment(table, date, datetime, late):
    days = pd.to_datetime(table[date]).astype("datetime64[us]")
    days = days + END_OF_DAY if late else days
    if datetime not in table:
        return days.to_numpy()
    clock = pd.to_datetime(table[datetime]).astype("datetime64[us]")
    return clock.fillna(days).to_numpy()


def coded(concept, source_value, what):
    concept = concept.fillna(0).astype("int64")
    distinct = concept.drop_duplicates()
    code = concept.map({c: names.get(c, f"concept/{c}") for c in distinct})
    if (concept == 0).any():
        code = code.where(concept != 0, f"unmapped/{what}/" + source_value.astype(str))
    return code


person = read("person", ["person_id", "birth_datetime", *(f"{x}_{y}" for x in ["gender", "race", "ethnicity"] for y in ["concept_id", "source_value"])])
for fact in ["gender", "race", "ethnicity"]:
    code = coded(person[f"{fact}_concept_id"], person[f"{fact}_source_value"], fact)
    add(person["person_id"], pd.Series(pd.NaT, index=person.index).astype("datetime64[us]").to_numpy(), code.to_numpy())
add(person["person_id"], pd.to_datetime(person["birth_datetime"]).astype("datetime64[us]").to_numpy(), "MEDS_BIRTH")
period = read("observation_period", ["person_id", "observation_period_start_date", "observation_period_end_date"])
add(period["person_id"], moment(period, "observation_period_start_date", "", False), "OBSERVATION_PERIOD//START")
add(period["person_id"], moment(period, "observation_period_end_date", "", True), "OBSERVATION_PERIOD//END")
for table, what, start, end in [
    ("visit_occurrence", "visit", "visit_start", "visit_end"),
    ("condition_occurrence", "condition", "condition_start", "condition_end"),
    ("drug_exposure", "drug", "drug_exposure_start", "drug_exposure_end"),
    ("procedure_occurrence", "procedure", "procedure", None),
    ("measurement", "measurement", "measurement", None),
    ("observation", "observation", "observation", None),
]:
    columns = ["person_id", f"{what}_concept_id", f"{what}_source_value", f"{start}_date", f"{start}_datetime"]
    columns += [f"{end}_date", f"{end}_datetime"] if end else []
    columns += ["value_as_number", "unit_source_value"] if what in ["measurement", "observation"] else []
    rows = read(table, columns)
    code = coded(rows[f"{what}_concept_id"], rows[f"{what}_source_value"], what)
    number, whole = None, code
    if "value_as_number" in rows:
        number = rows["value_as_number"]
        has = number.notna() & rows["unit_source_value"].notna()
        whole = code.where(~has, code + "//" + rows["unit_source_value"].astype(str))
    add(rows["person_id"], moment(rows, f"{start}_date", f"{start}_datetime", what != "visit"), whole.to_numpy(), number)
    if end:
        times = pd.Series(moment(rows, f"{end}_date", f"{end}_datetime", True))
        starts = pd.Series(moment(rows, f"{start}_date", f"{start}_datetime", what != "visit"))
        # What began on a day, known to its end, and ended within that day has no end of its own.
        days = starts.dt.normalize()
        within = (starts - days == END_OF_DAY) & (times < starts) & (times.dt.normalize() == days)
        ended = (times.notna() & (times != starts) & ~within).to_numpy()
        times = times.to_numpy()
        add(rows["person_id"][ended], times[ended], (code[ended] + "//END").to_numpy())
events = pd.concat(parts, ignore_index=True)
parts.clear()
events = events.sort_values(["subject_id", "time"], kind="stable", na_position="first", ignore_index=True)
(out / "data").mkdir(parents=True, exist_ok=True)
events.to_parquet(out / "data" / "0.parquet", index=False)
print(json.dumps({"seconds_inside": time.perf_counter() - began, "events": len(events)}))
