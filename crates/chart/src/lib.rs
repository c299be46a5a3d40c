//! What a patient record is: subject ids that do not print, units, plausible ranges.
