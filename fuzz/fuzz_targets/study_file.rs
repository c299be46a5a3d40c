//! Whatever a study file says, parsing it gives a study or a list of what is wrong, and the list can be shown.
#![no_main]

use bedside_study::spec::StudyFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match StudyFile::parse(text, "fuzz.toml") {
        Ok(study) => {
            let _ = (study.split_by(), study.may_be_predictor("age"), study.data.source(), study.champion());
        }
        Err(errors) => assert!(!errors.to_string().is_empty()),
    }
});
