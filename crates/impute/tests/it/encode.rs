//! Cases small enough for paper.

use bedside_impute::{CategoryGap, Dropped, EncodeSettings, Fill, ImputeError, LevelCoding, Rare, Record};
use bedside_table::{Complete, DesignData, RowSet, Table, TableError};

use crate::table::{category, number, split};

fn labels<R: RowSet>(design: &Complete<R>) -> Vec<String> {
    design.columns().iter().map(bedside_table::DesignColumn::label).collect()
}

fn row<R: RowSet>(design: &Complete<R>, row: usize) -> Vec<f64> {
    design.columns().iter().map(|column| column.get(row)).collect()
}

/// Training rows: 6; held-out rows: 2.
fn whole() -> Table<bedside_table::Whole> {
    Table::new(
        8,
        vec![
            number("lactate", &[Some(1.0), Some(2.0), None, Some(6.0), Some(7.0), None, None, Some(9.0)]),
            category("unit", &[Some("b"), Some("a"), Some("a"), None, Some("b"), Some("c"), Some("z"), None]),
            number("flat", &[Some(3.0), Some(3.0), Some(3.0), Some(3.0), Some(3.0), None, Some(4.0), None]),
            number("never", &[None, None, None, None, None, None, Some(1.0), None]),
            category("one", &[Some("x"); 8]),
        ],
    )
    .unwrap()
}

#[test]
fn gaps_are_filled_and_flagged() {
    let (train, held_out) = split(&whole(), 6);
    let settings = EncodeSettings { rare: Rare::Never, ..EncodeSettings::default() };
    let encoder = settings.check().unwrap().fit(&train).unwrap();
    let design = encoder.apply(&train).unwrap();
    assert_eq!(
        labels(&design),
        [
            "lactate",
            "lactate is missing",
            "unit = a",
            "unit = b",
            "unit = c",
            "unit is missing",
            "flat is missing"
        ]
    );
    // The median of 1, 2, 6, 7 is 4.
    assert_eq!(row(&design, 2), [4.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(row(&design, 3), [6.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
    assert_eq!(row(&design, 5), [4.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0]);
    // An unknown level sets nothing; held-out gaps get what the training rows taught.
    let unseen = encoder.apply(&held_out).unwrap();
    assert_eq!(row(&unseen, 0), [4.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(row(&unseen, 1), [9.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0]);
    let terms: Vec<(&str, bedside_table::Term)> = encoder.terms();
    let made: Vec<_> = design.columns().iter().map(|c| (c.predictor.as_str(), c.term.clone())).collect();
    assert_eq!(terms, made);
}

#[test]
fn useless_columns_are_recorded_not_refused() {
    let (train, held_out) = split(&whole(), 6);
    let encoder = EncodeSettings::default().check().unwrap().fit(&train).unwrap();
    let dropped: Vec<_> =
        encoder.predictors().iter().map(|p| (p.name.as_str(), p.dropped, p.missing)).collect();
    assert_eq!(
        dropped,
        [
            ("lactate", None, 2),
            // Ten rows are needed for a column of its own, so all levels are rare.
            ("unit", Some(Dropped::Constant), 1),
            ("flat", Some(Dropped::Constant), 1),
            ("never", Some(Dropped::AllMissing), 6),
            ("one", Some(Dropped::Constant), 0),
        ]
    );
    assert_eq!(
        labels(&encoder.apply(&held_out).unwrap()),
        ["lactate", "lactate is missing", "unit is missing", "flat is missing"]
    );
}

#[test]
fn rare_levels_share_a_column_with_unknown_ones() {
    let (train, held_out) = split(&whole(), 6);
    let settings = EncodeSettings { rare: Rare::Count(2), ..EncodeSettings::default() };
    let encoder = settings.check().unwrap().fit(&train).unwrap();
    let Record::Levels(levels) = &encoder.predictors()[1].record else { panic!("unit is a category") };
    assert_eq!(
        levels.kept.iter().map(|l| (l.name.as_str(), l.rows)).collect::<Vec<_>>(),
        [("a", 2), ("b", 2)]
    );
    assert_eq!(levels.rare.iter().map(|l| (l.name.as_str(), l.rows)).collect::<Vec<_>>(), [("c", 1)]);
    assert_eq!(levels.most_frequent.as_deref(), Some("a"));
    let unseen = encoder.apply(&held_out.select(|c| c.name != "never")).unwrap();
    assert_eq!(labels(&unseen)[2..6], ["unit = a", "unit = b", "unit is a rare level", "unit is missing"]);
    assert_eq!(row(&unseen, 0)[2..6], [0.0, 0.0, 1.0, 0.0]);
    assert_eq!(row(&unseen, 1)[2..6], [0.0, 0.0, 0.0, 1.0]);
    // A share of 0.3 of 6 rows is 1.8: two rows are enough, one is not.
    let share = EncodeSettings { rare: Rare::Share(0.3), ..EncodeSettings::default() }.check().unwrap();
    assert_eq!(share.fit(&train).unwrap().terms(), encoder.terms());
}

#[test]
fn the_most_frequent_level_can_fill_gaps_and_be_the_reference() {
    let (train, held_out) = split(&whole(), 6);
    let settings = EncodeSettings {
        rare: Rare::Never,
        categorical: CategoryGap::MostFrequent,
        coding: LevelCoding::Reference,
        numeric: Fill::Mean,
        indicators: false,
        standardise: false,
    };
    let encoder = settings.check().unwrap().fit(&train).unwrap();
    let unseen = encoder.apply(&held_out).unwrap();
    // a and b are equally frequent, so a is the reference.
    assert_eq!(labels(&unseen), ["lactate", "unit = b", "unit = c"]);
    assert_eq!(row(&encoder.apply(&train).unwrap(), 2), [4.0, 0.0, 0.0]);
    assert_eq!(row(&unseen, 1), [9.0, 0.0, 0.0]);
}

#[test]
fn a_gap_that_training_never_had_gets_the_most_frequent_level() {
    let cells = [Some("b"), Some("b"), Some("a"), None];
    let (train, held_out) = split(&Table::new(4, vec![category("unit", &cells)]).unwrap(), 3);
    let settings = EncodeSettings { rare: Rare::Never, ..EncodeSettings::default() };
    let encoder = settings.check().unwrap().fit(&train).unwrap();
    let unseen = encoder.apply(&held_out).unwrap();
    assert_eq!(
        (labels(&unseen), row(&unseen, 0)),
        (vec!["unit = a".into(), "unit = b".into()], vec![0.0, 1.0])
    );
}

#[test]
fn standardised_numbers_have_mean_0_and_deviation_1() {
    let (train, _) = split(&whole(), 6);
    let settings = EncodeSettings { standardise: true, ..EncodeSettings::default() };
    let design = settings.check().unwrap().fit(&train).unwrap().apply(&train).unwrap();
    let DesignData::Dense(lactate) = &design.columns()[0].data else { panic!("numbers are dense") };
    let mean = lactate.iter().sum::<f64>() / 6.0;
    let square = lactate.iter().map(|z| z * z).sum::<f64>() / 6.0;
    assert!(mean.abs() < 1e-15 && (square - 1.0).abs() < 1e-15, "{mean} {square}");
    // Columns of 0 and 1 stay.
    assert!(matches!(design.columns()[1].data, DesignData::Indicator(_)));
}

#[test]
fn mostly_zero_numbers_are_sparse() {
    let cells: Vec<Option<f64>> = (0..10).map(|i| Some(f64::from(u8::from(i % 5 == 0)) * 2.5)).collect();
    let (train, held_out) = split(&Table::new(10, vec![number("visits", &cells)]).unwrap(), 8);
    let encoder = EncodeSettings::default().check().unwrap().fit(&train).unwrap();
    let sparse = DesignData::Sparse { rows: vec![0, 5], values: vec![2.5, 2.5] };
    assert_eq!(encoder.apply(&train).unwrap().columns()[0].data, sparse);
    let none = DesignData::Sparse { rows: vec![], values: vec![] };
    assert_eq!(encoder.apply(&held_out).unwrap().columns()[0].data, none);
}

#[test]
fn a_missing_column_and_another_kind_are_named() {
    let (train, held_out) = split(&whole(), 6);
    let encoder = EncodeSettings::default().check().unwrap().fit(&train).unwrap();
    let refused = encoder.apply(&held_out.select(|c| c.name != "lactate")).unwrap_err();
    assert_eq!(refused, ImputeError::Table(TableError::NoColumn { column: "lactate".into() }));
    let changed = held_out.with_column(category("lactate", &[Some("1.0"), Some("high")])).unwrap();
    let refused = encoder.apply(&changed).unwrap_err();
    assert!(matches!(refused, ImputeError::Table(TableError::Kind { column, .. }) if column == "lactate"));
}

#[test]
fn levels_are_known_by_name_not_by_code() {
    let (train, _) = split(&whole(), 6);
    let settings = EncodeSettings { rare: Rare::Never, ..EncodeSettings::default() };
    let encoder = settings.check().unwrap().fit(&train.select(|c| c.name == "unit")).unwrap();
    let new = Table::arriving(3, vec![category("unit", &[Some("c"), Some("b"), Some("a")])]).unwrap();
    let design = encoder.apply(&new).unwrap();
    assert_eq!(
        [row(&design, 0), row(&design, 1), row(&design, 2)],
        [[0.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]]
    );
}

#[test]
fn a_number_beyond_all_standards_is_an_error_with_its_place() {
    let cells = [Some(0.0), Some(1e-12), Some(f64::MAX)];
    let (train, held_out) = split(&Table::new(3, vec![number("dose", &cells)]).unwrap(), 2);
    let settings = EncodeSettings { standardise: true, ..EncodeSettings::default() };
    let refused = settings.check().unwrap().fit(&train).unwrap().apply(&held_out);
    assert_eq!(refused.unwrap_err(), ImputeError::TooFar { column: "dose".into(), row: 0 });
}
