//! Timestamps as Spark, Hive and Impala write them: INT96, without a schema of Arrow beside it.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use bedside_chart::{Codes, Timeline};
use bedside_intake::import::{ImportOptions, Mapping, OddTimes, Source, import};
use bedside_intake::meds::{EventFiles, LabelTable, PerSubject};
use bedside_intake::{ReadOptions, read};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type, Int96, Int96Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

const DAY: i64 = 86_400_000_000;

/// Days and microseconds of the day since 1970, over all of what such a writer has: 0001-01-01, 1600, 1900, 1970, 2015 by the
/// microsecond, 2262-04-12 (past 64-bit nanoseconds), 9999-12-31.
const MOMENTS: [(i64, i64); 7] = [
    (-719_162, 0),
    (-135_140, 36_672_000_001),
    (-25_567, 0),
    (0, 1),
    (16_498, 36_672_123_456),
    (106_752, 86_399_999_999),
    (2_932_896, 86_399_999_999),
];

fn int96((days, micros): (i64, i64)) -> Int96 {
    let (julian, nanos) = ((days + 2_440_588) as u32, (micros * 1000 + 999) as u64);
    let mut value = Int96::new();
    value.set_data(nanos as u32, (nanos >> 32) as u32, julian);
    value
}

fn micros((days, micros): (i64, i64)) -> i64 {
    days * DAY + micros
}

/// One subject with an event at each of the moments, and a flag.
fn write(path: &Path, time: &str) {
    let schema = format!(
        "message m {{ required int64 subject_id; optional int96 {time}; required binary code (UTF8); required boolean boolean_value; }}"
    );
    let properties = Arc::new(WriterProperties::builder().build());
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let mut writer = SerializedFileWriter::new(File::create(path).unwrap(), schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let rows = MOMENTS.len();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&vec![1; rows], None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int96Type>().write_batch(&MOMENTS.map(int96), Some(&[1; MOMENTS.len()]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&vec![ByteArray::from("LAB"); rows], None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<BoolType>().write_batch(&vec![true; rows], None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
}

struct Times;

impl PerSubject for Times {
    type Worker = ();
    type Part = Vec<i64>;

    fn worker(&self) {}

    fn subject(&self, (): &mut (), timeline: &Timeline<'_>, _: &Codes, part: &mut Vec<i64>) {
        part.extend(timeline.times().iter().map(|time| time.micros()));
    }
}

fn times(path: &Path) -> Vec<i64> {
    let files = EventFiles::open(path).unwrap();
    files.walk(&Codes::default(), false, 1, &Times).unwrap().0.concat()
}

#[test]
fn a_data_set_of_events_keeps_their_years() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.parquet");
    write(&path, "time");
    assert_eq!(times(&path), MOMENTS.map(micros));
    let labels = folder.path().join("labels.parquet");
    write(&labels, "prediction_time");
    let read: Vec<i64> =
        LabelTable::read(&labels).unwrap().rows().iter().map(|(_, time)| time.micros()).collect();
    assert_eq!(read, MOMENTS.map(micros));
}

#[test]
fn the_imports_keep_their_years() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stays.parquet");
    write(&path, "time");
    let mapping =
        "[[table]]\nfile = \"stays.parquet\"\nsubject = \"subject_id\"\ntime = \"time\"\ncode = \"code\"\n";
    let long = Source::Long(folder.path().to_owned(), Mapping::parse(mapping).unwrap());
    for (name, source) in [("long", long), ("meds", Source::Meds(path))] {
        let out = folder.path().join(name);
        let options = ImportOptions { odd_times: OddTimes::Keep, ..ImportOptions::default() };
        import(&source, &out, &options, &mut |_| {}).unwrap();
        assert_eq!(times(&out), MOMENTS.map(micros), "{name}");
    }
}

#[test]
fn a_table_of_a_study_keeps_their_years() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.parquet");
    write(&path, "admitted");
    let frame = read(&path, &ReadOptions::default()).unwrap();
    let reading = frame.column("admitted").unwrap().as_times(None).unwrap();
    let read: Vec<i64> = (0..MOMENTS.len()).filter_map(|row| reading.cells.get(row)).collect();
    assert_eq!(read, MOMENTS.map(micros));
    assert!(reading.unread.is_empty());
}
