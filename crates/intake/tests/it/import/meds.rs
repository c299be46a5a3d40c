//! Events near the MEDS format.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Int32Array, Int64Array, ListBuilder, RecordBatch, StringArray, StringBuilder,
    TimestampMillisecondArray, UInt64Array,
};
use bedside_chart::SubjectNumber;
use bedside_intake::import::{ImportOptions, Source};
use bedside_intake::meds::{EventFiles, LabelTable, subjects_of_split};
use parquet::arrow::ArrowWriter;

use super::{HOUR, Place, plain};

pub(super) fn write(place: &Place, name: &str, batch: &RecordBatch) {
    let path = place.path(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

pub(super) fn batch(rows: &[(u64, Option<i64>, &str, Option<i32>)]) -> RecordBatch {
    let column = |name: &str, array: ArrayRef| (name.to_owned(), array, true);
    RecordBatch::try_from_iter_with_nullable([
        column("patient_id", Arc::new(UInt64Array::from_iter_values(rows.iter().map(|row| row.0)))),
        column("timestamp", Arc::new(rows.iter().map(|row| row.1).collect::<TimestampMillisecondArray>())),
        column("code", Arc::new(rows.iter().map(|row| Some(row.2)).collect::<StringArray>())),
        column("value", Arc::new(rows.iter().map(|row| row.3).collect::<Int32Array>())),
    ])
    .unwrap()
}

#[test]
fn unsorted_shards_under_other_names_become_a_data_set() {
    let place = Place::new();
    let hour = HOUR / 1000;
    write(&place, "in/b.parquet", &batch(&[(9, Some(hour), " B ", Some(2)), (4, Some(3 * hour), "A", None)]));
    write(
        &place,
        "in/a.parquet",
        &batch(&[(9, Some(0), "A", Some(1)), (4, None, "SEX//F", None), (9, Some(hour), "A", None)]),
    );
    let done = place.import(&Source::Meds(place.path("in")), &ImportOptions::default()).unwrap();
    assert_eq!((done.events, done.subjects, done.codes), (5, 2, 3));
    let expected = [
        plain(4, None, "SEX//F", None),
        plain(4, Some(3 * HOUR), "A", None),
        plain(9, Some(0), "A", Some(1.0)),
        // Those of one instant as the files have them, and codes to the letter.
        plain(9, Some(HOUR), "A", None),
        plain(9, Some(HOUR), " B ", Some(2.0)),
    ];
    assert_eq!(place.events(), expected);
    // What was written can be read as a data set, with its splits.
    assert_eq!(EventFiles::open(place.path("out")).unwrap().events(), 5);
    let splits = place.path("out/metadata/subject_splits.parquet");
    let members: usize = ["train", "tuning", "held_out"]
        .iter()
        .filter_map(|split| subjects_of_split(&splits, split).ok())
        .map(|subjects| subjects.len())
        .sum();
    assert_eq!(members, 2);
    assert_eq!(
        place.texts("out/metadata/codes.parquet", "code"),
        [" B ", "A", "SEX//F"].map(|code| Some(code.to_owned()))
    );
    assert_eq!(place.numbers("out/metadata/codes.parquet", "events"), [1, 3, 1]);
    assert_eq!(place.numbers("out/metadata/codes.parquet", "values"), [1, 1, 0]);
}

#[test]
fn what_was_imported_is_imported_as_it_is() {
    let place = Place::new();
    write(
        &place,
        "in/a.parquet",
        &batch(&[(9, Some(1), "B", Some(2)), (4, Some(3), "A", None), (9, Some(0), "A", None)]),
    );
    place.import(&Source::Meds(place.path("in")), &ImportOptions::default()).unwrap();
    let once = place.bytes();
    std::fs::rename(place.path("out"), place.path("first")).unwrap();
    place.import(&Source::Meds(place.path("first")), &ImportOptions::default()).unwrap();
    assert_eq!(place.bytes(), once);
}

/// Nothing that a data set says beside its events is lost: held-out subjects, above all, must not become training subjects.
#[test]
fn what_stands_beside_the_events_is_kept() {
    let place = Place::new();
    let subjects: Vec<u64> = (1..=40).collect();
    let rows: Vec<_> = subjects.iter().map(|&subject| (subject, Some(1), "A", None)).collect();
    write(&place, "in/data/a.parquet", &batch(&rows));
    let mut parents = ListBuilder::new(StringBuilder::new());
    parents.append_value([Some("ABOVE"), Some("A")]);
    parents.append_value([Some("TOP")]);
    let codes: [(&str, ArrayRef); 3] = [
        ("code", Arc::new(StringArray::from(vec!["A", "ABOVE"]))),
        ("description", Arc::new(StringArray::from(vec!["the letter", "letters"]))),
        ("parent_codes", Arc::new(parents.finish())),
    ];
    write(&place, "in/metadata/codes.parquet", &RecordBatch::try_from_iter(codes).unwrap());
    // The last subject is in no split.
    let held: Vec<i64> = (1..=39).collect();
    let split = |subject: &i64| if subject % 2 == 0 { "held_out" } else { "train" };
    let splits: [(&str, ArrayRef); 2] = [
        ("subject_id", Arc::new(Int64Array::from(held.clone()))),
        ("split", Arc::new(held.iter().map(|subject| Some(split(subject))).collect::<StringArray>())),
    ];
    write(&place, "in/metadata/subject_splits.parquet", &RecordBatch::try_from_iter(splits).unwrap());
    let labels: [(&str, ArrayRef); 3] = [
        ("subject_id", Arc::new(Int64Array::from(vec![3, 4]))),
        ("prediction_time", Arc::new(TimestampMillisecondArray::from(vec![5, 6]))),
        ("boolean_value", Arc::new(arrow::array::BooleanArray::from(vec![true, false]))),
    ];
    write(&place, "in/labels.parquet", &RecordBatch::try_from_iter(labels).unwrap());

    let done = place.import(&Source::Meds(place.path("in")), &ImportOptions::default()).unwrap();
    assert_eq!((done.subjects, done.labels), (40, 2));
    let files = EventFiles::open(place.path("out")).unwrap();
    assert_eq!(files.descriptions().unwrap().get("A").map(String::as_str), Some("the letter"));
    // Of the codes that have events, all the way up.
    let above = files.ancestors().unwrap().unwrap();
    let above: Vec<_> = above.iter().map(|one| (&*one.code, &*one.ancestor, one.levels)).collect();
    assert_eq!(above, [("A", "ABOVE", 1), ("A", "TOP", 2)]);
    let of_source = EventFiles::open(place.path("in")).unwrap().ancestors().unwrap().unwrap();
    let of_source: Vec<_> = of_source.iter().map(|one| (&*one.code, &*one.ancestor, one.levels)).collect();
    assert_eq!(of_source, [("A", "ABOVE", 1), ("A", "TOP", 2), ("ABOVE", "TOP", 1)]);
    let splits = place.path("out/metadata/subject_splits.parquet");
    for (name, parity) in [("held_out", 0), ("train", 1)] {
        let expected = held.iter().filter(|subject| *subject % 2 == parity).copied().map(SubjectNumber::new);
        assert_eq!(subjects_of_split(&splits, name).unwrap(), expected.collect(), "{name}");
    }
    assert!(subjects_of_split(&splits, "tuning").is_err());
    let labels = LabelTable::read(files.labels().unwrap()).unwrap();
    let rows: Vec<_> =
        labels.rows().iter().map(|(subject, time)| (subject.expose(), time.micros())).collect();
    assert_eq!(rows, [(3, 5000), (4, 6000)]);
}
