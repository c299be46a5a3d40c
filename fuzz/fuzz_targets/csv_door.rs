//! Whatever stands in a file, reading it gives a frame or an error, and every column of the frame can be read as anything.
//! The first byte says which kind of file it is.
#![no_main]

use bedside_intake::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match bytes.split_first() {
        Some((b'a', rest)) => fuzzing::arff(rest),
        Some((b'p', rest)) => fuzzing::parquet(rest),
        Some((b'u', rest)) => fuzzing::unknown(rest),
        Some((_, rest)) => fuzzing::csv(rest),
        None => {}
    }
});
