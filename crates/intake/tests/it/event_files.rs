//! Data sets of events as they are found in the wild.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Float32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray,
};
use bedside_chart::{Codes, Events, Instant, Label, LabelValue, Precision, SubjectNumber, Timeline};
use bedside_intake::IntakeError;
use bedside_intake::import::{ImportOptions, Source, import};
use bedside_intake::meds::{EventFiles, LabelTable, LiveRecord, PerSubject, labels_csv, write_labels};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use tempfile::TempDir;

/// An event as a test writes it down: subject, time, code, value.
type Event = (i64, Option<i64>, String, Option<f64>);

/// An event as it comes back: time, code, value.
type Told = (Option<i64>, String, Option<f64>);

/// Subjects and their events.
type Records = Vec<(i64, Vec<Told>)>;

/// Writes events as one shard of small row groups.
fn shard(path: &Path, events: &[Event], group: usize, dictionary: bool) {
    let column = |name: &str, array: ArrayRef| (name.to_owned(), array, true);
    let batch = RecordBatch::try_from_iter_with_nullable([
        column("subject_id", Arc::new(events.iter().map(|e| Some(e.0)).collect::<Int64Array>())),
        column("time", Arc::new(events.iter().map(|e| e.1).collect::<TimestampMicrosecondArray>())),
        column("code", Arc::new(events.iter().map(|e| Some(&e.2)).collect::<StringArray>())),
        column("numeric_value", Arc::new(events.iter().map(|e| e.3).collect::<Float64Array>())),
    ])
    .unwrap();
    write(path, &batch, group, dictionary);
}

fn write(path: &Path, batch: &RecordBatch, group: usize, dictionary: bool) {
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(group))
        .set_dictionary_enabled(dictionary)
        .build();
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

/// Writes every subject's events down again, in the order in which they are handed over.
struct Copy;

impl PerSubject for Copy {
    type Worker = ();
    type Part = Records;

    fn worker(&self) {}

    fn subject(&self, (): &mut (), timeline: &Timeline<'_>, codes: &Codes, part: &mut Self::Part) {
        let names = codes.names();
        let untimed = timeline.untimed().map(|(code, value)| (None, names[code.index()].to_string(), value));
        let timed = timeline.times().iter().enumerate().map(|(event, time)| {
            (Some(time.micros()), names[timeline.code(event).index()].to_string(), timeline.value(event))
        });
        part.push((timeline.subject().expose(), untimed.chain(timed).collect()));
    }
}

fn walk(path: &Path, threads: usize) -> Result<Records, IntakeError> {
    let (parts, amount) = EventFiles::open(path)?.walk(&Codes::default(), true, threads, &Copy)?;
    let records: Records = parts.into_iter().flatten().collect();
    assert_eq!(amount.subjects as usize, records.len());
    assert_eq!(amount.events as usize, records.iter().map(|record| record.1.len()).sum::<usize>());
    Ok(records)
}

fn expected(events: &[Event]) -> Records {
    let mut subjects: BTreeMap<i64, Vec<Told>> = BTreeMap::new();
    for (subject, time, code, value) in events {
        subjects.entry(*subject).or_default().push((*time, code.clone(), *value));
    }
    let mut records: Records = subjects.into_iter().collect();
    for (_, events) in &mut records {
        events.sort_by_key(|event| event.0);
    }
    records
}

fn few(text: &str) -> Vec<Event> {
    text.chars()
        .enumerate()
        .map(|(at, c)| (i64::from(c as u32), Some(at as i64), "A".to_owned(), None))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// However the data are cut into row groups and shards, and on however many threads, every subject comes once, whole
    /// and in the order of time.
    #[test]
    fn no_cut_divides_a_subject(
        sizes in proptest::collection::vec(1_usize..12, 1..14), group in 1_usize..20, cut in 0_usize..60,
        threads in 1_usize..4, dictionary: bool, seed in 0_u64..1000,
    ) {
        let mut events: Vec<Event> = Vec::new();
        for (subject, size) in sizes.iter().enumerate() {
            for event in 0..*size {
                let drawn = (seed + 1) * 2_654_435_761 % 1009 + (subject * 31 + event * 17) as u64;
                let time = (!drawn.is_multiple_of(7)).then_some((drawn * 37 % 50) as i64);
                let value = drawn.is_multiple_of(3).then_some(drawn as f64 / 8.0);
                events.push((subject as i64 * 3 - 5, time, format!("CODE//{}", drawn % 5), value));
            }
        }
        let folder = TempDir::new().unwrap();
        let data = folder.path().join("data/train");
        std::fs::create_dir_all(&data).unwrap();
        let cut = cut.min(events.len());
        for (name, part) in [("0.parquet", &events[..cut]), ("1.parquet", &events[cut..])] {
            shard(&data.join(name), part, group, dictionary);
        }
        prop_assert_eq!(walk(folder.path(), threads).unwrap(), expected(&events));
    }
}

#[test]
fn a_subject_in_two_places_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("events.parquet");
    for (text, group) in [("aba", 100), ("aba", 1), ("aabbaa", 2), ("abcdea", 3)] {
        shard(&path, &few(text), group, true);
        assert!(matches!(walk(&path, 2), Err(IntakeError::SubjectApart { .. })), "{text} by {group}");
    }
    shard(&path, &few("ba"), 1, true);
    assert_eq!(walk(&path, 1).unwrap().len(), 2, "subjects need not be in order");
}

#[test]
fn columns_go_by_many_names_and_types() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("events.parquet");
    const SECOND: i64 = 1_000_000;
    // Parquet has no seconds.
    let times: [(ArrayRef, i64); 4] = [
        (Arc::new(TimestampMillisecondArray::from(vec![1500])), 1_500_000),
        (Arc::new(TimestampNanosecondArray::from(vec![1_500_000])), 1500),
        (Arc::new(TimestampMicrosecondArray::from(vec![7]).with_timezone("UTC")), 7),
        // Known to the day: known at its end.
        (Arc::new(Date32Array::from(vec![2])), 3 * 86_400 * SECOND - SECOND),
    ];
    for (time, micros) in times {
        let batch = RecordBatch::try_from_iter([
            ("value", Arc::new(Float32Array::from(vec![1.3])) as ArrayRef),
            ("timestamp", time),
            ("code", Arc::new(StringArray::from(vec!["LAB"]))),
            ("patient_id", Arc::new(Int32Array::from(vec![7]))),
        ])
        .unwrap();
        write(&path, &batch, 10, true);
        assert_eq!(EventFiles::open(&path).unwrap().precision(), Precision::Single);
        let value = Some(f64::from(1.3_f32));
        assert_eq!(walk(&path, 1).unwrap(), [(7, vec![(Some(micros), "LAB".to_owned(), value)])]);
    }
}

/// What is known to the day counts from the same instant on, whichever way it comes in.
#[test]
fn days_are_the_same_from_shards_from_an_import_and_live() {
    const DAY: i64 = 86_400_000_000;
    let folder = TempDir::new().unwrap();
    let (shards, imported) = (folder.path().join("shards"), folder.path().join("imported"));
    std::fs::create_dir(&shards).unwrap();
    let codes = ["MEDS_BIRTH", "LAB"];
    let batch = RecordBatch::try_from_iter([
        ("subject_id", Arc::new(Int64Array::from(vec![7, 7])) as ArrayRef),
        ("time", Arc::new(Date32Array::from(vec![1, 2]))),
        ("code", Arc::new(StringArray::from(codes.to_vec()))),
        ("numeric_value", Arc::new(Float64Array::from(vec![None, Some(2.5)]))),
    ]);
    write(&shards.join("0.parquet"), &batch.unwrap(), 10, true);
    let expected = vec![
        (Some(DAY), "MEDS_BIRTH".to_owned(), None),
        (Some(3 * DAY - 1_000_000), "LAB".to_owned(), Some(2.5)),
    ];
    assert_eq!(walk(&shards, 1).unwrap(), [(7, expected.clone())]);
    import(&Source::Meds(shards), &imported, &ImportOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(walk(&imported, 1).unwrap(), [(7, expected.clone())]);
    let live = LiveRecord::parse(
        r#"{"subject_id": 7, "prediction_time": "1970-01-03", "events": [
            {"time": "1970-01-02", "code": "MEDS_BIRTH"},
            {"time": "1970-01-03", "code": "LAB", "numeric_value": 2.5}]}"#,
    )
    .unwrap();
    assert_eq!(live[0].index_time(), Instant::from_micros(2 * DAY), "a day to predict from is its start");
    let (known, mut events) = (Codes::default(), Events::new(SubjectNumber::new(0)));
    live[0].fill(&mut events, &known, Precision::Double).unwrap();
    let mut part = Records::new();
    Copy.subject(&mut (), &events.timeline(), &known, &mut part);
    assert_eq!(part, [(7, expected)]);
}

/// A column of any kind, with and without gaps.
fn any_column(kind: usize, rows: usize, gaps: bool) -> ArrayRef {
    use arrow::array::{
        BinaryArray, BooleanArray, Date64Array, DurationMillisecondArray, ListBuilder, NullArray,
        StringBuilder, StringDictionaryBuilder, UInt64Array,
    };
    use arrow::datatypes::Int32Type;
    let there = |row: usize| !(gaps && row.is_multiple_of(3));
    let numbers = || (0..rows).map(|row| there(row).then_some(row as i64 * 7 % 5));
    match kind {
        0 | 1 => Arc::new(numbers().collect::<Int64Array>()),
        2 => Arc::new(numbers().map(|n| n.map(|n| u64::MAX - n as u64)).collect::<UInt64Array>()),
        3 => Arc::new(numbers().map(|n| n.map(|n| n as i32)).collect::<Int32Array>()),
        4 => Arc::new(numbers().map(|n| n.map(|n| n as f64)).collect::<Float64Array>()),
        5 | 6 => Arc::new(numbers().map(|n| n.map(|n| format!("CODE//{n}"))).collect::<StringArray>()),
        7 => Arc::new(numbers().map(|n| n.map(|n| n > 2)).collect::<BooleanArray>()),
        8 | 9 => Arc::new(numbers().collect::<TimestampMicrosecondArray>()),
        10 => Arc::new(numbers().map(|n| n.map(|n| n - i64::MAX)).collect::<TimestampMillisecondArray>()),
        11 => Arc::new(numbers().collect::<TimestampNanosecondArray>().with_timezone("+02:00")),
        12 => Arc::new(numbers().map(|n| n.map(|n| n as i32)).collect::<Date32Array>()),
        13 => Arc::new(numbers().map(|n| n.map(|n| n * 86_400_000)).collect::<Date64Array>()),
        14 => Arc::new(numbers().collect::<DurationMillisecondArray>()),
        15 => Arc::new(numbers().map(|n| n.map(|_| b"x".as_slice())).collect::<BinaryArray>()),
        16 => {
            let mut list = ListBuilder::new(StringBuilder::new());
            numbers().for_each(|n| list.append_option(n.map(|_| [Some("A")])));
            Arc::new(list.finish())
        }
        17 => {
            let mut texts = StringDictionaryBuilder::<Int32Type>::new();
            numbers().for_each(|n| texts.append_option(n.map(|n| format!("CODE//{n}"))));
            Arc::new(texts.finish())
        }
        _ => Arc::new(NullArray::new(rows)),
    }
}

proptest! {
    /// Whatever kinds its columns have, a file is read or refused; and if it is read as it is, nothing of it is lost.
    #[test]
    fn a_file_of_any_schema_is_read_or_refused(
        kinds in proptest::array::uniform5(0_usize..19), gaps in proptest::array::uniform5(any::<bool>()), rows in 0_usize..40,
        value in prop_oneof![Just("numeric_value"), Just("value"), Just("other")],
    ) {
        let names = ["subject_id", "time", "code", value, "text_value"];
        let columns = names.iter().zip(kinds).zip(gaps).map(|((name, kind), gaps)| (*name, any_column(kind, rows, gaps), true));
        let Ok(batch) = RecordBatch::try_from_iter_with_nullable(columns) else { return Ok(()) };
        let mut bytes = Vec::new();
        let Ok(mut writer) = ArrowWriter::try_new(&mut bytes, batch.schema(), None) else { return Ok(()) };
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        bedside_intake::fuzzing::events(&bytes);
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("a.parquet"), &bytes).unwrap();
        let source = Source::Meds(folder.path().to_owned());
        if let Ok(done) = import(&source, &folder.path().join("out"), &ImportOptions::default(), &mut |_| {}) {
            prop_assert_eq!(EventFiles::open(folder.path().join("out")).unwrap().events(), done.events);
        }
    }
}

#[test]
fn labels_on_another_clock_are_asked_about() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("events.parquet");
    for zoned in [false, true] {
        let times = TimestampMicrosecondArray::from(vec![7]);
        let times = if zoned { times.with_timezone("UTC") } else { times };
        let batch = RecordBatch::try_from_iter([
            ("subject_id", Arc::new(Int64Array::from(vec![7])) as ArrayRef),
            ("time", Arc::new(times)),
            ("code", Arc::new(StringArray::from(vec!["A"]))),
        ]);
        write(&path, &batch.unwrap(), 10, true);
        let files = EventFiles::open(&path).unwrap();
        for time in ["2020-01-01T10:00:00Z", "2020-01-01 10:00:00", "2020-01-01"] {
            let labels = folder.path().join("labels.csv");
            std::fs::write(&labels, format!("subject_id,prediction_time\n7,{time}\n")).unwrap();
            let doubt = LabelTable::read(&labels).unwrap().doubt_of_clock(&files);
            assert_eq!(doubt.is_some(), time.ends_with('Z') && !zoned, "{time} {zoned}: {doubt:?}");
        }
    }
}

#[test]
fn what_is_not_events_is_told() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("events.parquet");
    let told = |batch: &[(&str, ArrayRef)]| {
        let columns = batch.iter().map(|(name, array)| (name.to_string(), Arc::clone(array), true));
        write(&path, &RecordBatch::try_from_iter_with_nullable(columns).unwrap(), 10, true);
        walk(&path, 1).unwrap_err().to_string()
    };
    let subject: ArrayRef = Arc::new(Int64Array::from(vec![4711]));
    let time: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![1]));
    let code: ArrayRef = Arc::new(StringArray::from(vec!["A"]));
    let no_code: ArrayRef = Arc::new(StringArray::from(vec![None::<&str>]));
    let text: ArrayRef = Arc::new(StringArray::from(vec!["p4711"]));
    let number: ArrayRef = Arc::new(Float64Array::from(vec![4711.5]));
    let value: ArrayRef = Arc::new(Float64Array::from(vec![1.0]));
    let no_subject: ArrayRef = Arc::new(Int64Array::from(vec![None::<i64>]));
    for (batch, expected) in [
        (
            vec![("subject_id", &subject), ("time", &time)],
            "has no column `code`; it has `subject_id`, `time`",
        ),
        (
            vec![("subject_id", &text), ("time", &time), ("code", &code)],
            "column `subject_id`: expected whole numbers, found Utf8",
        ),
        (
            vec![("subject_id", &subject), ("time", &number), ("code", &code)],
            "column `time`: expected instants or dates, found Float64",
        ),
        (vec![("subject_id", &subject), ("time", &time), ("code", &code)], "has no column `numeric_value`"),
        (
            vec![("subject_id", &subject), ("time", &time), ("code", &no_code), ("numeric_value", &value)],
            "1 events in a batch have no `code`",
        ),
        (
            vec![("subject_id", &no_subject), ("time", &time), ("code", &code), ("numeric_value", &value)],
            "1 events in a batch have no `subject_id`",
        ),
    ] {
        let batch: Vec<_> = batch.into_iter().map(|(name, array)| (name, Arc::clone(array))).collect();
        let found = told(&batch);
        assert!(found.contains(expected), "told: {found}\nexpected: {expected}");
        assert!(!found.contains("4711"), "an identifier was told: {found}");
    }
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    assert!(matches!(EventFiles::open(&empty), Err(IntakeError::NoEvents { .. })));
    assert!(matches!(EventFiles::open(folder.path().join("event.parquet")), Err(IntakeError::NoFile { .. })));
}

#[test]
fn damage_is_an_error_and_never_a_panic() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("events.parquet");
    let events: Vec<Event> =
        (0..400).map(|e| (e / 40, Some(e * 7 % 100), format!("C{}", e % 9), Some(e as f64))).collect();
    shard(&path, &events, 90, true);
    let whole = std::fs::read(&path).unwrap();
    let (mut refused, mut read) = (0, 0);
    for place in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x55;
        std::fs::write(&path, &bytes).unwrap();
        match walk(&path, 2) {
            Ok(_) => read += 1,
            Err(_) => refused += 1,
        }
    }
    for length in [0, 3, 4, 100, whole.len() - 1] {
        std::fs::write(&path, &whole[..length]).unwrap();
        assert!(walk(&path, 2).is_err(), "{length} bytes of {}", whole.len());
    }
    assert!(refused > 20, "{refused} damaged files were refused, {read} were read");
}

/// Found by a fuzzer: a damaged offset made the decoder panic.
#[test]
fn a_part_that_lies_beyond_the_end_is_told() {
    let mut bytes = bedside_intake::fuzzing::sound_events();
    let place = 0xa0a0 % bytes.len();
    bytes[place] ^= 0x0f;
    let told = EventFiles::in_memory("events.parquet", bytes.into()).unwrap_err().to_string();
    assert!(told.contains("parts of it lie beyond its end"), "{told}");
}

#[test]
fn metadata_are_no_events() {
    let folder = TempDir::new().unwrap();
    let metadata = folder.path().join("metadata");
    std::fs::create_dir(&metadata).unwrap();
    shard(&folder.path().join("a.parquet"), &few("a"), 10, true);
    shard(&metadata.join("codes.parquet"), &few("z"), 10, true);
    assert_eq!(walk(folder.path(), 1).unwrap().len(), 1);
}

#[test]
fn labels_have_the_columns_of_their_schema() {
    let label = |subject, micros: Option<i64>, value| Label {
        subject: SubjectNumber::new(subject),
        prediction_time: micros.map(Instant::from_micros),
        value,
    };
    let labels =
        [label(7, Some(86_400_000_000), LabelValue::Boolean(true)), label(8, None, LabelValue::None)];
    let csv = String::from_utf8(labels_csv(&labels).unwrap()).unwrap();
    let header = "subject_id,prediction_time,boolean_value,integer_value,float_value,categorical_value\n";
    assert_eq!(csv, format!("{header}7,1970-01-02T00:00:00,true,,,\n8,,,,,\n"));
    let folder = TempDir::new().unwrap();
    let path: PathBuf = folder.path().join("labels.parquet");
    write_labels(&path, &labels).unwrap();
    let file = File::open(&path).unwrap();
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let kinds: Vec<String> = reader
        .schema()
        .fields()
        .iter()
        .map(|field| format!("{}: {}", field.name(), field.data_type()))
        .collect();
    let expected = ["subject_id: Int64", "prediction_time: Timestamp(µs)", "boolean_value: Boolean"];
    // The schema refuses a column of values that is null throughout.
    assert_eq!(kinds, expected);

    let labels = [
        label(1, Some(0), LabelValue::Time { days: 1.5, event: 2 }),
        label(2, Some(0), LabelValue::Number(0.1)),
        label(3, Some(0), LabelValue::Category("home, alone".into())),
    ];
    let csv = String::from_utf8(labels_csv(&labels).unwrap()).unwrap();
    let rows = "1,1970-01-01T00:00:00,,2,1.5,\n2,1970-01-01T00:00:00,,,0.1,\n3,1970-01-01T00:00:00,,,,\"home, alone\"\n";
    assert_eq!(csv, format!("{header}{rows}"));
}

#[test]
fn shards_on_two_clocks_are_refused() {
    let folder = TempDir::new().unwrap();
    let column = |name: &str, array: ArrayRef| (name.to_owned(), array, true);
    for (subject, zone) in [(1, None), (2, Some("UTC"))] {
        let times = TimestampMicrosecondArray::from(vec![subject]);
        let times = match zone {
            Some(zone) => times.with_timezone(zone),
            None => times,
        };
        let batch = RecordBatch::try_from_iter_with_nullable([
            column("subject_id", Arc::new(Int64Array::from(vec![subject]))),
            column("time", Arc::new(times)),
            column("code", Arc::new(StringArray::from(vec!["A"]))),
        ]);
        write(&folder.path().join(format!("{subject}.parquet")), &batch.unwrap(), 10, true);
    }
    let refused = EventFiles::open(folder.path());
    assert!(
        matches!(&refused, Err(IntakeError::MixedClocks { with, without }) if with == "2.parquet" && without == "1.parquet"),
        "{refused:?}"
    );
    assert!(EventFiles::open(folder.path().join("2.parquet")).is_ok());
}

#[test]
fn units_of_codes_have_one_spelling_unless_they_are_to_be_as_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let codes = ["LAB//1//IU/L", "LAB//1//U/L", "LAB//1//[iU]/L", "SEX//M"];
    let events: Vec<Event> =
        (0..).zip(codes).map(|(at, code)| (1, Some(at), code.to_owned(), Some(1.0))).collect();
    shard(&path, &events, 2, true);
    let read = |as_written: bool| {
        let mut files = EventFiles::open(&path).unwrap();
        if as_written {
            files.keep_spellings();
        }
        let (parts, _) = files.walk(&Codes::default(), true, 1, &Copy).unwrap();
        parts.concat().into_iter().flat_map(|(_, events)| events).map(|event| event.1).collect::<Vec<_>>()
    };
    assert_eq!(read(false), ["LAB//1//U/L", "LAB//1//U/L", "LAB//1//U/L", "SEX//M"]);
    assert_eq!(read(true), codes);
}
