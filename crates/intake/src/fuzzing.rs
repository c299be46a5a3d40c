//! What a fuzzer calls: each function reads any bytes through one door and asks every question of the result. None may
//! panic; there is nothing to return.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use bedside_chart::{Codes, Timeline};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use crate::import::{ImportOptions, Source, import};
use crate::meds::{EventFiles, PerSubject};
use crate::{Decimal, Format, Frame, Header, ReadOptions, Spelling, parse_time, read_bytes};

/// Any bytes as CSV. The first two choose the options.
pub fn csv(bytes: &[u8]) {
    let (choice, body) = bytes.split_at(bytes.len().min(2));
    let bit =
        |place: usize| choice.iter().map(|&b| u16::from(b)).fold(0, |a, b| a << 8 | b) >> place & 1 == 1;
    let encoding = match (bit(0), bit(1)) {
        (false, false) => None,
        (false, true) => Some("windows-1252"),
        (true, false) => Some("utf-16le"),
        (true, true) => Some("shift_jis"),
    };
    let options = ReadOptions {
        format: Some(Format::Csv),
        delimiter: bit(2).then_some(b';'),
        encoding: encoding.map(str::to_owned),
        header: if bit(3) { Header::Names(vec!["a".into(), "b".into()]) } else { Header::FirstLine },
        decimal: if bit(4) { Decimal::Comma } else { Decimal::Point },
        missing: vec![String::new(), "?".into(), "0".into()],
        file_column: bit(5).then(|| "file".into()),
        ..ReadOptions::default()
    };
    ask(read_bytes("fuzz.csv", body, &options).ok());
}

/// Any bytes as ARFF.
pub fn arff(bytes: &[u8]) {
    let options = ReadOptions { format: Some(Format::Arff), ..ReadOptions::default() };
    ask(read_bytes("fuzz.arff", bytes, &options).ok());
}

/// Any bytes as Parquet.
pub fn parquet(bytes: &[u8]) {
    ask(read_bytes("fuzz.parquet", bytes, &ReadOptions::default()).ok());
}

/// Any bytes, whose kind is to be found out.
pub fn unknown(bytes: &[u8]) {
    ask(read_bytes("fuzz", bytes, &ReadOptions::default()).ok());
}

/// A sound file of events in four row groups, for a fuzzer to damage.
#[must_use]
pub fn sound_events() -> Vec<u8> {
    let rows = 0..160_i64;
    let column = |name: &str, array: ArrayRef| (name.to_owned(), array, true);
    let batch = RecordBatch::try_from_iter_with_nullable([
        column("subject_id", Arc::new(rows.clone().map(|row| Some(row / 12)).collect::<Int64Array>())),
        column(
            "time",
            Arc::new(
                rows.clone()
                    .map(|row| (row % 12 > 0).then_some(row * 7 % 50))
                    .collect::<TimestampMicrosecondArray>(),
            ),
        ),
        column(
            "code",
            Arc::new(rows.clone().map(|row| Some(format!("CODE//{}", row % 9))).collect::<StringArray>()),
        ),
        column(
            "numeric_value",
            Arc::new(rows.map(|row| (row % 3 > 0).then_some(row as f32 / 4.0)).collect::<Float32Array>()),
        ),
    ]);
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(40)).build();
    let written = batch.ok().and_then(|batch| {
        let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).ok()?;
        writer.write(&batch).ok()?;
        writer.into_inner().ok()
    });
    written.unwrap_or_default()
}

/// Any bytes as a Parquet file of events.
pub fn events(bytes: &[u8]) {
    struct Everything;
    impl PerSubject for Everything {
        type Worker = ();
        type Part = usize;

        fn worker(&self) {}

        fn subject(&self, (): &mut (), timeline: &Timeline<'_>, codes: &Codes, events: &mut usize) {
            let (times, known) = (timeline.times(), codes.len());
            assert!(times.is_sorted(), "time goes back");
            for event in 0..times.len() {
                assert!(timeline.code(event).index() < known, "a code of no name");
                assert!(timeline.value(event).is_none_or(f64::is_finite), "a value that is no number");
            }
            *events += times.len() + timeline.untimed().count();
        }
    }
    let Ok(files) = EventFiles::in_memory("fuzz.parquet", Bytes::copy_from_slice(bytes)) else { return };
    for values in [false, true] {
        if let Ok((parts, amount)) = files.walk(&Codes::default(), values, 2, &Everything) {
            assert_eq!(parts.iter().sum::<usize>() as u64, amount.events, "events were lost");
        }
    }
}

/// Any bytes as a table of records, and as what says how to read one.
pub fn table(bytes: &[u8]) {
    crate::import::ask_table(bytes);
}

/// Any bytes as FHIR: as lines with a resource in each, and as a bundle or a resource.
pub fn fhir(bytes: &[u8]) {
    crate::import::ask_fhir(bytes);
}

/// The tables of an OMOP data set that [`omop`] reads, in their order.
pub const OMOP: [&str; 6] =
    ["person", "visit_occurrence", "condition_occurrence", "measurement", "death", "concept"];

/// Any bytes as the tables of an OMOP data set ([`OMOP`]), which a zero byte parts. What was imported can be read again, and is as much
/// as was said.
pub fn omop(bytes: &[u8]) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let (from, into) = (folder.path().join("from"), folder.path().join("into"));
    let written = std::fs::create_dir(&from).and_then(|()| {
        let tables = OMOP.iter().zip(bytes.split(|byte| *byte == 0)).filter(|(_, text)| !text.is_empty());
        tables
            .map(|(name, text)| std::fs::write(from.join(format!("{name}.csv")), text))
            .collect::<Result<Vec<_>, _>>()
    });
    if written.is_err() {
        return;
    }
    let options = ImportOptions { rejected: 1.0, ..ImportOptions::default() };
    if let Ok(done) = import(&Source::Omop(from), &into, &options, &mut |_| {}) {
        let files = EventFiles::open(&into);
        assert_eq!(files.ok().map(|files| files.events()), Some(done.events), "events were lost");
    }
}

fn ask(frame: Option<Frame>) {
    let Some(frame) = frame else { return };
    for column in frame.columns() {
        assert_eq!(column.len(), frame.rows(), "columns of different lengths");
        let _ = column.looks_numeric();
        let _ = column.missing();
        let _ = column.as_numeric(None).map(|reading| reading.unread.iter().map(ToString::to_string).count());
        let levels = column.as_categorical(Spelling::Numbers);
        let _ = column.as_categorical(Spelling::AsWritten);
        let _ = column.as_groups();
        let _ = column.as_times(None).map(|reading| reading.cells.days(0));
        for level in levels.iter().flat_map(|levels| levels.levels().iter()) {
            let _ = parse_time(level, Some(crate::DateOrder::MonthFirst));
        }
    }
}
