"""Every code of comorbidipy's lists, every code between and below them, and the conditions they tell of: comorbidity_codes.json.

    pip install --no-deps comorbidipy==0.5.0
    python oracles/cohort/comorbidity_codes.py

The lists are those of the variant `quan`. All codes of this form are asked: ICD-10 letter, digit, digit or letter, and all that have one
character more; ICD-9 001 to 999, V00 to V99, E000 to E999, and all that have one or two digits more. A code is written down only where it
tells of other conditions than the code that is one character shorter (none, for the shortest). Everything must agree exactly.
"""

import importlib
import json
import string
import sys
import types
from importlib.metadata import distribution, version
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The package as a whole asks for an older pandas, so its module is taken by itself.
package = types.ModuleType("comorbidipy")
package.__path__ = [str(distribution("comorbidipy").locate_file("comorbidipy"))]
sys.modules["comorbidipy"] = package
mapping = importlib.import_module("comorbidipy.mapping").mapping
CHARLSON = ["ami", "chf", "pvd", "cevd", "dementia", "copd", "rheumd", "pud", "mld", "diab", "diabwc", "hp", "rend", "canc", "msld",
            "metacanc", "aids"]
ELIXHAUSER = ["chf", "carit", "valv", "pcd", "pvd", "hypunc", "hypc", "para", "ond", "cpd", "diabunc", "diabc", "hypothy", "rf", "ld",
              "pud", "aids", "lymph", "metacanc", "solidtum", "rheumd", "coag", "obes", "wloss", "fed", "blane", "dane", "alcohol",
              "drug", "psycho", "depre"]
INDICES = {"charlson": CHARLSON, "elixhauser": ELIXHAUSER}
ALNUM = string.digits + string.ascii_uppercase


def teller(index, icd):
    """From a code to the places of the conditions that it tells of."""
    of_prefix = {}
    for place, name in enumerate(INDICES[index]):
        for listed in mapping[f"{index}_icd{icd}_quan"][name]:
            of_prefix.setdefault(listed, set()).add(place)
    longest = max(map(len, of_prefix))

    def told(code):
        found = set()
        for length in range(1, min(longest, len(code)) + 1):
            found |= of_prefix.get(code[:length], set())
        return sorted(found)

    return told


def shortest(icd):
    if icd == 10:
        return [a + b + c for a in string.ascii_uppercase for b in string.digits for c in ALNUM]
    return ([f"{number:03}" for number in range(1, 1000)] + [f"V{number:02}" for number in range(100)]
            + [f"E{number:03}" for number in range(1000)])


out, asked = {}, 0
for icd, marks, more in ((9, string.digits, 2), (10, ALNUM, 1)):
    charlson, elixhauser = teller("charlson", icd), teller("elixhauser", icd)
    written, level, before = {}, shortest(icd), {}
    for step in range(more + 1):
        here = {}
        for code in level:
            here[code] = [charlson(code), elixhauser(code)]
            if here[code] != (before[code[:-1]] if step else [[], []]):
                written[code] = here[code]
        asked += len(here)
        before, level = here, [code + mark for code in level for mark in marks]
    out[str(icd)] = written
text = json.dumps({"versions": {"comorbidipy": version("comorbidipy")}, "asked": asked, "codes": out}, separators=(",", ":"))
(HERE / "comorbidity_codes.json").write_text(text + "\n")
print(asked, "codes asked,", sum(map(len, out.values())), "written")
