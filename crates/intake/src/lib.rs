//! The door: CSV, Parquet and ARFF become raw columns, with a list of what could not be read.
