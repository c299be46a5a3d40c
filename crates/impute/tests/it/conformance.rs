//! The promises that every imputer keeps.

use bedside_impute::{CategoryGap, Encode, EncodeSettings, Encoder, Fill, LevelCoding, Rare};
use bedside_table::conformance::imputer;

fn in_pool(threads: usize, work: &mut (dyn FnMut() + Send)) {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work);
}

fn reload(encoder: &Encoder) -> Encoder {
    Encoder::from_parts(encoder.parts().clone()).unwrap()
}

fn conforms(settings: EncodeSettings) {
    let encode: Encode = settings.check().unwrap();
    imputer(&encode).saved(&reload).threads(&in_pool).check();
}

#[test]
fn the_default_encoder_conforms() {
    conforms(EncodeSettings::default());
}

#[test]
fn every_setting_conforms() {
    for numeric in [Fill::Median, Fill::Mean] {
        for categorical in [CategoryGap::OwnColumn, CategoryGap::MostFrequent] {
            for coding in [LevelCoding::Full, LevelCoding::Reference] {
                for [indicators, standardise] in [[true, true], [true, false], [false, true], [false, false]]
                {
                    let rare = if indicators { Rare::Never } else { Rare::Share(0.2) };
                    conforms(EncodeSettings { numeric, categorical, indicators, rare, coding, standardise });
                }
            }
        }
    }
}
