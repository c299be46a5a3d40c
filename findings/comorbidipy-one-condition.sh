#!/usr/bin/env bash
# comorbidipy: what its comorbidity() leaves out of the lists that it implements.
#
# Guess: after Quan et al. 2005 a code counts for every condition whose list has it, upper or lower case; the points are those of Quan et al. 2011
# (doi:10.1093/aje/kwq433), 4 for AIDS/HIV.
# Seen: I42.6 (alcoholic cardiomyopathy) stands in two lists of Elixhauser, heart failure and alcohol abuse, and counts for one of them; AIDS/HIV has 2 points;
# `i500` counts for nothing. (The package also installs beside pandas 2 and 3 and then fails on import: a name that pandas moved is put back here.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check comorbidipy==0.5.0 pandas==1.5.3 numpy==1.24.4
env/bin/python -W ignore - <<'PYTHON'
from importlib.metadata import version
import pandas, pandas.core.common, pandas.errors
pandas.core.common.SettingWithCopyWarning = pandas.errors.SettingWithCopyWarning
from comorbidipy import comorbidity

def conditions(code, **settings):
    table = pandas.DataFrame({"id": [0, 1], "code": [code, "Z000"], "age": [60, 60]})
    row = comorbidity(table, id="id", code="code", age="age", **settings).set_index("id").loc[0]
    named = row.drop([name for name in row.index if "score" in name or name == "age"])
    return sorted(named[named > 0].index), row["comorbidity_score"]

elixhauser = conditions("I426", score="elixhauser", weighting="vw")[0]
aids = conditions("B20")
lower, upper = conditions("i500")[0], conditions("I500")[0]
print(f"comorbidipy {version('comorbidipy')}: I426 counts for {elixhauser}; B20 for {aids[0]} with {aids[1]} points; I500 for {upper}, i500 for {lower}")
assert len(elixhauser) == 1 and aids == (["aids"], 2.0) and upper == ["chf"] and lower == [], "the behaviour has changed"
PYTHON
