"""Charlson and Elixhauser conditions and points that comorbidipy's lists give: comorbidity.json.

    pip install comorbidipy==0.5.0 pandas==3.1.1
    python oracles/cohort/comorbidity.py

The lists are those of the variant `quan`, the weights `charlson`, `quan` and `vw`, the hierarchy `assignzero`. Everything must agree exactly.
Two things of the package are not taken over:
- `comorbidity()` itself counts a code for one condition only (I42.6 is heart failure and alcohol abuse after Quan et al.) and cuts
  negative points off at 0; here each list is applied by itself, and points stay as they are.
- Its weight `quan` of AIDS/HIV is 2. The paper's points go up to 24 (Quan et al. 2011, doi:10.1093/aje/kwq433), which is the sum of its
  weights, each milder form left out, with 4 and not with 2.
"""

import importlib
import json
import random
import sys
import types
from importlib.metadata import distribution, version
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
draw = random.Random(20261123)


# The package as a whole asks for an older pandas, so its modules are taken by themselves.
package = types.ModuleType("comorbidipy")
package.__path__ = [str(distribution("comorbidipy").locate_file("comorbidipy"))]
sys.modules["comorbidipy"] = package
weights = importlib.import_module("comorbidipy.weights").weights
mapping = importlib.import_module("comorbidipy.mapping").mapping
assignzero = importlib.import_module("comorbidipy.assignzero").assignzero
CHARLSON = ["ami", "chf", "pvd", "cevd", "dementia", "copd", "rheumd", "pud", "mld", "diab", "diabwc", "hp", "rend", "canc", "msld",
            "metacanc", "aids"]
ELIXHAUSER = ["chf", "carit", "valv", "pcd", "pvd", "hypunc", "hypc", "para", "ond", "cpd", "diabunc", "diabc", "hypothy", "rf", "ld",
              "pud", "aids", "lymph", "metacanc", "solidtum", "rheumd", "coag", "obes", "wloss", "fed", "blane", "dane", "alcohol",
              "drug", "psycho", "depre"]
INDICES = {"charlson": CHARLSON, "elixhauser": ELIXHAUSER}


def conditions(index, icd, codes):
    lists = mapping[f"{index}_icd{icd}_quan"]
    assert set(lists) == set(INDICES[index])
    return [place for place, name in enumerate(INDICES[index]) if any(code.startswith(tuple(lists[name])) for code in codes)]


def points(index, icd, there, weighting):
    names = INDICES[index]
    table = pd.DataFrame([{name: float(place in there) for place, name in enumerate(names)}])
    kept = assignzero(table, index).iloc[0]
    of = dict(weights[f"{index}_icd{icd}_quan"][weighting])
    if weighting == "quan":
        of["aids"] = 4
    return int(sum(kept[name] * of[name] for name in names))


def around(code):
    """A listed code, codes below it and its neighbours."""
    yield from (code, code + "0", code + "9")
    digits = len(code) - len(code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    number = code[digits:]
    for step in (-1, 1):
        near = int(number) + step
        if 0 <= near < 10 ** len(number):
            yield code[:digits] + str(near).zfill(len(number))


def sound(icd, code):
    return len(code) >= 3


codes = {9: set(), 10: set()}
for index in INDICES:
    for icd in codes:
        for listed in mapping[f"{index}_icd{icd}_quan"].values():
            for code in listed:
                codes[icd].update(near for near in around(code) if sound(icd, near))
codes = {icd: sorted(found) for icd, found in codes.items()}
single = [
    [icd, code, conditions("charlson", icd, [code]), conditions("elixhauser", icd, [code])]
    for icd in codes for code in codes[icd] if draw.random() < 0.6
]
patients = []
for number in range(400):
    icd = 9 + number % 2
    has = [draw.choice(codes[icd]) for _ in range(draw.randrange(0, 9))]
    charlson, elixhauser = conditions("charlson", icd, has), conditions("elixhauser", icd, has)
    patients.append({
        "icd": icd,
        "codes": has,
        "charlson": charlson,
        "elixhauser": elixhauser,
        "points": [points("charlson", icd, charlson, "charlson"), points("charlson", icd, charlson, "quan"),
                   points("elixhauser", icd, elixhauser, "vw")],
    })

out = {"versions": {name: version(name) for name in ("comorbidipy", "pandas")}, "codes": single, "patients": patients}
text = json.dumps(out, separators=(",", ":")).replace("],[", "],\n[").replace("},{", "},\n{")
(HERE / "comorbidity.json").write_text(text + "\n")
print(len(single), "codes,", len(patients), "patients")
