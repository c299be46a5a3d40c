#!/usr/bin/env bash
# ucumvert and pint: milliequivalents are millimoles, whatever the charge.
#
# Guess: meq to mmol is refused, because the factor is the valence (calcium and magnesium: 2), which a unit does not know.
# Seen: 4.8 meq/L becomes 4.8 mmol/L without a word. For calcium it is 2.4 mmol/L: the converted number is a severe hypercalcaemia, the true one is normal.
# (UCUM defines the equivalent as one mole; the conversion is by the book, and wrong for every ion that has more than one charge.)
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
calcium = (4.8 * units.from_ucum("meq/L")).to(units.from_ucum("mmol/L").units)
print(f"ucumvert {version('ucumvert')}, pint {version('pint')}: 4.8 meq/L = {calcium}")
assert abs(calcium.magnitude - 4.8) < 1e-9, "the behaviour has changed"
PYTHON
