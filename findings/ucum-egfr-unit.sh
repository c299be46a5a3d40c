#!/usr/bin/env bash
# UCUM: the unit of a glomerular filtration rate as many laboratories send it.
#
# Guess: `mL/min/1.73.m2` is millilitres a minute for each 1.73 square metres, or it is refused.
# Seen: it is a valid UCUM expression of another meaning. UCUM has no decimal numbers; the point is multiplication and everything is read from left to right:
# ((mL / min / 1) x 73) x m2. A parser accepts it and gives 73 m2 mL/min. The UCUM spelling is mL/min/{1.73_m2}.
# Why it matters here: two spellings of one unit differ by a factor of 73 and a dimension, without an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check ucumvert==0.3.2 Pint==0.25.3
env/bin/python -W ignore - <<'PYTHON'
from importlib.metadata import version
from ucumvert import PintUcumRegistry

units = PintUcumRegistry()
sent = units.from_ucum("mL/min/1.73.m2")
meant = units.from_ucum("mL/min/{1.73_m2}")
print(f"ucumvert {version('ucumvert')}: mL/min/1.73.m2 is {sent}; mL/min/{{1.73_m2}} is {meant}")
assert abs(sent.magnitude - 73) < 1e-9 and sent.dimensionality != meant.dimensionality, "the behaviour has changed"
PYTHON
