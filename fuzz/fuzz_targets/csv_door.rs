//! Whatever stands in a file, reading it gives a frame or an error, and every column of the frame can be read as anything.
#![no_main]

use bedside_intake::{Format, ReadOptions, Spelling, read_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for format in [None, Some(Format::Csv), Some(Format::Arff), Some(Format::Parquet)] {
        let options = ReadOptions { format, missing: vec![String::new(), "?".to_owned()], ..ReadOptions::default() };
        let Ok(frame) = read_bytes("fuzz.csv", bytes, &options) else { continue };
        for column in frame.columns() {
            assert_eq!(column.len(), frame.rows());
            let _ = column.looks_numeric();
            let _ = column.as_numeric(None);
            let _ = column.as_categorical(Spelling::Numbers);
            let _ = column.as_groups();
            let _ = column.as_times(None);
        }
    }
});
