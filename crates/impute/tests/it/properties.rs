//! What holds for every table.

use bedside_impute::{CategoryGap, EncodeSettings, Encoder, Fill, LevelCoding, Rare};
use bedside_table::{Complete, DesignData, RowSet, Table, Whole};
use proptest::prelude::*;

use crate::table::{category, number, split};

fn tables() -> impl Strategy<Value = (Table<Whole>, usize)> {
    (2usize..30).prop_flat_map(|rows| {
        let numbers = prop::collection::vec(
            prop::option::of(prop_oneof![Just(0.0), -1e6..1e6, Just(1e300), Just(-0.0)]),
            rows,
        );
        let levels = prop::collection::vec(prop::option::of("[a-d]"), rows);
        (numbers.clone(), numbers, levels.clone(), levels, 1..rows).prop_map(move |(a, b, c, d, train)| {
            let c: Vec<Option<&str>> = c.iter().map(|c| c.as_deref()).collect();
            let d: Vec<Option<&str>> = d.iter().map(|c| c.as_deref()).collect();
            let columns = vec![number("a", &a), number("b", &b), category("c", &c), category("d", &d)];
            (Table::new(rows, columns).unwrap(), train)
        })
    })
}

fn settings() -> impl Strategy<Value = EncodeSettings> {
    let rare =
        prop_oneof![Just(Rare::Never), (1u64..5).prop_map(Rare::Count), (0.0..0.5).prop_map(Rare::Share)];
    (any::<[bool; 5]>(), rare).prop_map(|([mean, frequent, indicators, reference, standardise], rare)| {
        EncodeSettings {
            numeric: if mean { Fill::Mean } else { Fill::Median },
            categorical: if frequent { CategoryGap::MostFrequent } else { CategoryGap::OwnColumn },
            indicators,
            rare,
            coding: if reference { LevelCoding::Reference } else { LevelCoding::Full },
            standardise,
        }
    })
}

/// Every number of a design, bit by bit.
fn bits<R: RowSet>(design: &Complete<R>) -> Vec<Vec<u64>> {
    (0..design.rows()).map(|row| design.columns().iter().map(|c| c.get(row).to_bits()).collect()).collect()
}

proptest! {
    #[test]
    fn columns_vary_in_training_and_rows_alone_get_the_same_bits((whole, train) in tables(), settings in settings()) {
        let (train, held_out) = split(&whole, train);
        let encoder = settings.check().unwrap().fit(&train).unwrap();
        let design = encoder.apply(&train).unwrap();
        for column in design.columns() {
            let first = column.get(0);
            prop_assert!((1..train.rows()).any(|row| column.get(row) != first), "{} is constant", column.label());
            if let DesignData::Indicator(rows) = &column.data {
                prop_assert!(!rows.is_empty());
            }
        }
        if let Ok(unseen) = encoder.apply(&held_out) {
            let together = bits(&unseen);
            for (row, together) in together.iter().enumerate() {
                let alone = encoder.apply(&held_out.row(row)).unwrap();
                prop_assert_eq!(&bits(&alone)[0], together);
            }
        }
    }

    #[test]
    fn a_saved_encoder_is_the_same_encoder((whole, train) in tables(), settings in settings()) {
        let (train, _) = split(&whole, train);
        let encoder = settings.check().unwrap().fit(&train).unwrap();
        let back = Encoder::from_parts(encoder.parts().clone()).unwrap();
        prop_assert_eq!(bits(&back.apply(&train).unwrap()), bits(&encoder.apply(&train).unwrap()));
        prop_assert_eq!(back, encoder);
    }

    #[test]
    fn the_order_of_columns_and_rows_teaches_the_same(
        (whole, train) in tables(), settings in settings(), seed in any::<u64>()
    ) {
        let (train, _) = split(&whole, train);
        let mut order: Vec<u32> = (0..train.rows() as u32).collect();
        bedside_table::Seed::new(seed).stream().shuffle(&mut order);
        // Sums depend on the order of their terms in the last bits; the median and the counts do not.
        let settings = EncodeSettings { numeric: Fill::Median, standardise: false, ..settings };
        let encode = settings.check().unwrap();
        prop_assert_eq!(encode.fit(&train).unwrap(), encode.fit(&train.take(&order)).unwrap());
    }
}
