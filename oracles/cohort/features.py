"""Features that pandas gives for random records: features.json.

    pip install pandas==3.1.1 numpy==2.4.6
    python oracles/cohort/features.py

Writes the events (subject, microseconds since 1970, code, value or null) and, for each subject, code, window and index time, what
pandas computes over the events in (index time - window, index time]. Index times are the instants at which the code occurs. The
tolerance is 1e-9, relative; what pandas lacks, ours must not have either. Whole hours make many events share an instant and stand on a window's edge.
"""

import json
import random
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
WINDOWS = {"6h": "6h", "1d": "24h", "7d": "168h", "full": "876000h"}
draw = random.Random(20261123)

events = []
for subject in range(1, 9):
    hours = sorted(draw.randrange(0, 400) for _ in range(draw.randrange(5, 60)))
    for hour in hours:
        code = draw.choice(["LAB//A", "LAB//B", "DRUG"])
        scale = 1e6 if draw.random() < 0.02 else 1.0
        value = round(draw.gauss(4.0, 1.5) * scale, 3) if code != "DRUG" and draw.random() < 0.85 else None
        events.append((subject, hour * 3_600_000_000, code, value))

table = pd.DataFrame(events, columns=["subject", "time", "code", "value"])
table["at"] = pd.to_datetime(table["time"], unit="us")


def slope(of):
    """Least squares, per day; none when all values are at one instant."""
    of = of.dropna()
    days = (of.index - of.index[0]) / pd.Timedelta("1D") if len(of) else []
    if len(of) < 2 or days[0] == days[-1]:
        return np.nan
    return np.polynomial.polynomial.polyfit(days, of.to_numpy(), 1)[1]


expected = []
for (subject, code), group in table.groupby(["subject", "code"], sort=True):
    series = group.set_index("at")["value"]
    for name, width in WINDOWS.items():
        for at in series.index.unique():
            # pandas counts and finds extremes; sums are left to numpy, because pandas adds and takes away as the window moves.
            rolling = series[:at].rolling(width, closed="right", min_periods=1)
            held = series[(series.index > at - pd.Timedelta(width)) & (series.index <= at)]
            values = held.dropna()
            cells = {"code/count": float(series[:at].fillna(0.0).rolling(width, closed="right").count().iloc[-1])}
            if len(values):
                cells |= {
                    "value/count": rolling.count().iloc[-1], "value/min": rolling.min().iloc[-1], "value/max": rolling.max().iloc[-1],
                    "value/sum": values.sum(), "value/sum_sqd": (values**2).sum(), "value/mean": values.mean(),
                    "value/sd": values.std(), "value/first": values.iloc[0], "value/last": values.iloc[-1], "value/slope": slope(held),
                }
            cells = {key: None if pd.isna(value) else float(value) for key, value in cells.items()}
            expected.append([subject, int(at.value // 1000), code, name, cells])

(HERE / "features.json").write_text(json.dumps({
    "made by": f"pandas {version('pandas')}, numpy {version('numpy')}", "events": events, "expected": expected,
}, separators=(",", ":")) + "\n")
print(len(events), "events,", len(expected), "windows")
