//! Tables as a mapping says.

use super::{DAY, HOUR, Place, Told, plain};
use bedside_intake::import::{ImportOptions, Mapping, Source};
use bedside_intake::meds::EventFiles;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::io::Write;

const LABS: &str = "\
id,at,test,unit,result,words
2,1970-01-02 01:00:00,NA,mmol / l,140,
1,1970-01-02,NA,mmol/L,138,\"said \"\"high\"\"\"
1,1970-01-01T02:00:00,K,,4.1,
";

const MAPPING: &str = r#"
    [[table]]
    file = "labs"
    subject = "id"
    time = "at"
    code = "test"
    prefix = "LAB//"
    unit = "unit"
    value = "result"
    text = "words"
"#;

fn labs() -> Vec<Told> {
    let said = Some("said \"high\"".to_owned());
    vec![
        plain(1, Some(2 * HOUR), "LAB//K", Some(4.1)),
        // Known to the day: known at its end.
        (1, Some(2 * DAY - 1_000_000), "LAB//NA//mmol/L".to_owned(), Some(138.0), said, None),
        plain(2, Some(DAY + HOUR), "LAB//NA//mmol/L", Some(140.0)),
    ]
}

#[test]
fn a_long_table_plain_or_compressed_with_any_delimiter() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(LABS.as_bytes()).unwrap();
    let semicolons = LABS.replace(',', ";").replace('\n', "\r\n");
    for (name, bytes) in [
        ("in/labs.csv", LABS.as_bytes().to_vec()),
        ("in/labs.csv.gz", gzip.finish().unwrap()),
        ("in/labs/part-1.csv", [b"\xef\xbb\xbf", semicolons.as_bytes()].concat()),
    ] {
        let place = Place::new().with(name, bytes);
        let done = place.long(MAPPING, &ImportOptions::default()).unwrap();
        assert_eq!(place.events(), labs(), "{name}");
        assert_eq!((done.events, done.subjects, done.codes), (3, 2, 2));
        assert!(done.rejects.is_empty(), "{done:?}");
        assert_eq!(
            done.notes,
            ["1 events have their unit in its one spelling, that of UCUM: `mmol / l` as `mmol/L` (1)"]
        );
    }
}

/// Three spellings of a unit, whether it stands in a column or in the code.
#[test]
fn spellings_of_one_unit_are_one_code_and_are_told() {
    let table = "id,at,test,unit,result\n\
        1,2020-01-01,ALT,IU/L,30\n2,2020-01-01,ALT,U/L,31\n3,2020-01-01,ALT,[iU]/L,32\n4,2020-01-01,ALT,Mg/dL,33\n\
        5,2020-01-01,TEMP,Deg. F,98.6\n6,2020-01-01,TEMP,C,37\n7,2020-01-01,SEX,,\n";
    let mapping = MAPPING.replace("text = \"words\"", "");
    let place = Place::new().with("in/labs.csv", table);
    let done = place.long(&mapping, &ImportOptions::default()).unwrap();
    assert_eq!(done.codes, 5);
    assert_eq!(
        done.notes,
        [
            "4 events have their unit in its one spelling, that of UCUM: `C` as `Cel` (1), `Deg. F` as `[degF]` (1), `IU/L` as `U/L` (1), \
             `[iU]/L` as `U/L` (1)",
            "2 codes have values in several units, each of which is a code of its own; --units converts them: \
             `LAB//ALT` in Mg/dL (1), U/L (3); `LAB//TEMP` in Cel (1), [degF] (1)",
        ]
    );
    let units = |rules: &str| {
        let units = bedside_intake::import::UnitRules::parse(rules)?;
        place.long(&mapping, &ImportOptions { units, replace: true, ..ImportOptions::default() })
    };
    let temperature = "[[convert]]\ncode = \"LAB//TEMP\"\nto = \"Cel\"\n";
    assert_eq!(units(temperature).unwrap().codes, 4);
    let values: Vec<f32> = place
        .events()
        .iter()
        .filter(|event| event.2 == "LAB//TEMP//Cel")
        .filter_map(|event| event.3)
        .collect();
    assert_eq!(values, [37.0, 37.0]);
    assert!(units(&format!("{temperature}factors = {{ \"Deg. F\" = 0.5556 }}")).is_err());
    // What cannot be read as a unit has the advice that helps.
    let alt = "[[convert]]\ncode = \"LAB//ALT\"\nto = \"IU/L\"\n";
    let refused = units(alt).unwrap_err().to_string();
    assert!(refused.contains("in `Mg/dL`") && refused.contains("factors = { \"Mg/dL\" = … }"), "{refused}");
    assert_eq!(units(&format!("{alt}factors = {{ \"Mg/dL\" = 1 }}")).unwrap().codes, 4);
    let refused = units("[[convert]]\ncode = \"LAB//ALT\"\nto = \"Cel\"\nfactors = { \"U/L\" = 1 }")
        .unwrap_err()
        .to_string();
    assert!(!refused.contains("give `factors") && refused.contains("different zeros"), "{refused}");
}

#[test]
fn a_wide_table_gives_an_event_a_cell() {
    let place = Place::new()
        .with("in/hours.csv", "stay,hour,hr,alb,vent,note\n7,1,80,,CPAP,\n7,0,,3.5,,x\n")
        .with("in/stays.csv", "stay,sex,age\n7,Female,61\n");
    let mapping = r#"
        [[table]]
        file = "hours.csv"
        subject = "stay"
        time = "hour"
        time-unit = "h"
        origin = "1970-01-02"
        columns = { hr = "HR", alb = { code = "ALB", unit = "g/dl" } }
        categories = { vent = "VENT" }
        event = "HOUR"

        [[table]]
        file = "stays.csv"
        subject = "stay"
        columns = ["age"]
        categories = "others"
    "#;
    place.long(mapping, &ImportOptions::default()).unwrap();
    let expected = [
        plain(7, None, "age", Some(61.0)),
        plain(7, None, "sex//Female", None),
        plain(7, Some(DAY), "HOUR", None),
        plain(7, Some(DAY), "ALB//g/dL", Some(3.5)),
        plain(7, Some(DAY + HOUR), "HOUR", None),
        plain(7, Some(DAY + HOUR), "HR", Some(80.0)),
        plain(7, Some(DAY + HOUR), "VENT//CPAP", None),
    ];
    assert_eq!(place.events(), expected);
}

#[test]
fn a_subject_known_by_a_text_has_the_same_number_everywhere() {
    let mapping = r#"
        [[table]]
        file = "t.csv"
        subject = "id"
        subject-ids = "text"
        event = "SEEN"
    "#;
    let place = Place::new().with("in/t.csv", "id\np-1\n\"p-2\"\np-1\n");
    let done = place.long(mapping, &ImportOptions::default()).unwrap();
    assert_eq!((done.subjects, done.events), (2, 3));
    // sha256sum: the first 63 bits of that of `p-1`.
    assert!(place.events().iter().any(|event| event.0 == 0x0ef7_371f_633e_e401_i64), "{:x?}", place.events());
    assert_eq!(
        done.notes,
        ["1 events are there more than once, with the same subject, time, code and value; all are kept"]
    );
}

#[test]
fn what_cannot_be_read_is_listed_by_place_and_never_quoted() {
    let rows = "id,at,test,unit,result,words\n1,1970-01-01,K,,4,\nsecret,1970-01-01,K,,4,\n1,soon,K,,4,\n\n1,1970-01-01,,,4,\n\
        1,1970-01-01,K,,12 mg,\n1,1970-01-01,K,,1e39,\n1,1970-01-01,K,4\n1,,K,,4,\n";
    let place = Place::new().with("in/labs.csv", rows);
    let half = ImportOptions { rejected: 0.9, ..ImportOptions::default() };
    let done = place.long(MAPPING, &half).unwrap();
    assert_eq!(place.events().len(), 1);
    let lines = place.numbers("out/rejects.parquet", "line");
    assert_eq!(lines, [3, 4, 6, 7, 8, 9, 10]);
    let columns = place.texts("out/rejects.parquet", "column");
    let columns: Vec<&str> = columns.iter().map(|column| column.as_deref().unwrap_or("-")).collect();
    assert_eq!(columns, ["id", "at", "test", "result", "result", "-", "at"]);
    let reasons = place.texts("out/rejects.parquet", "reason");
    assert_eq!(reasons[0].as_deref(), Some("not a whole number"));
    assert_eq!(done.rejects.iter().map(|count| count.rows).sum::<u64>(), 7);
    let told = format!("{done:?}{reasons:?}{columns:?}");
    assert!(!told.contains("secret") && !told.contains("12 mg"), "{told}");

    let refused = place.long(MAPPING, &ImportOptions::default()).unwrap_err().to_string();
    assert!(
        refused.starts_with("7 of 8 rows cannot be read, more than the limit of 1 %: `labs.csv`"),
        "{refused}"
    );
    assert!(!refused.contains("secret"), "{refused}");
    // The data set of before is as it was.
    assert_eq!(place.events().len(), 1);
}

#[test]
fn a_small_table_does_not_vanish_behind_a_large_one() {
    let large: String = (0..5_000).map(|row| format!("{},1970-01-01 00:00:00,1\n", row % 50)).collect();
    let small = |bad: usize| -> String {
        (0..60)
            .map(|row| if row < bad { format!("{row},13/14/2020\n") } else { format!("{row},1970-01-01\n") })
            .collect()
    };
    let mapping = "[[table]]\nfile = \"large\"\nsubject = \"id\"\ntime = \"at\"\ncolumns = [\"v\"]\n\
                   [[table]]\nfile = \"death\"\nsubject = \"id\"\ntime = \"at\"\nevent = \"MEDS_DEATH\"\n";
    let import = |bad: usize| {
        let place = Place::new()
            .with("in/large.csv", format!("id,at,v\n{large}"))
            .with("in/death.csv", format!("id,at\n{}", small(bad)));
        place.long(mapping, &ImportOptions::default()).map(|done| done.events)
    };
    assert_eq!(import(10).unwrap(), 5_050);
    let refused = import(11).unwrap_err().to_string();
    assert!(
        refused.starts_with("11 of 60 rows cannot be read, more than the limit of 1 %: `death.csv`"),
        "{refused}"
    );
}

#[test]
fn shards_are_bounded_and_never_cut_a_subject() {
    let mut rows = String::from("id,at,v\n");
    for event in 0..900_i64 {
        // Subject 3 has more events than a shard may have.
        let subject = if event % 3 == 0 { 3 } else { event * 7919 % 23 };
        rows += &format!("{subject},1970-01-{:02},{event}\n", 1 + event * 31 % 28);
    }
    let place = Place::new().with("in/t.csv", rows);
    let mapping = "[[table]]\nfile = \"t\"\nsubject = \"id\"\ntime = \"at\"\ncolumns = [\"v\"]";
    let done = place.long(mapping, &ImportOptions { shard: 100, ..ImportOptions::default() }).unwrap();
    let shards = place.shards();
    assert_eq!(done.shards, shards.len());
    assert!(shards.len() > 4, "{}", shards.len());
    let mut last = i64::MIN;
    for shard in &shards {
        assert!(shard.first().unwrap().0 > last, "a subject in two shards");
        last = shard.last().unwrap().0;
        let alone = shard.iter().all(|event| event.0 == shard[0].0);
        // A shard closes with the subject that reaches the bound.
        let before_last = shard.iter().filter(|event| event.0 != last).count();
        assert!(alone || before_last < 100, "{}", shard.len());
    }
    let all = shards.concat();
    assert_eq!(all.len(), 900);
    assert!(all.is_sorted_by_key(|event| (event.0, event.1)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Threads and memory change nothing, to the byte; and the events are those of the table, in order.
    #[test]
    fn threads_and_memory_change_no_byte(
        rows in prop::collection::vec((0_i64..9, 0_i64..6, 0_u8..3, prop::option::of(-5_i32..5)), 1..400), shard in 1_u64..200,
    ) {
        let mut text = String::from("id,at,code,value\n");
        for (subject, day, code, value) in &rows {
            let value = value.map(|value| value.to_string()).unwrap_or_default();
            text += &format!("{subject},1970-01-{:02},C{code},{value}\n", day + 1);
        }
        let place = Place::new().with("in/t.csv", text);
        let mapping = "[[table]]\nfile = \"t\"\nsubject = \"id\"\ntime = \"at\"\ndays = \"start\"\ncode = \"code\"\nvalue = \"value\"";
        let mut seen: Option<Vec<Vec<u8>>> = None;
        for (threads, memory) in [(1, 1 << 30), (3, 1 << 30), (2, 0)] {
            place.long(mapping, &ImportOptions { threads, memory, shard, ..ImportOptions::default() }).unwrap();
            let bytes = place.bytes();
            prop_assert!(seen.as_ref().is_none_or(|seen| *seen == bytes));
            seen = Some(bytes);
        }
        let mut expected: Vec<Told> = rows
            .iter()
            .map(|&(s, day, code, value)| plain(s, Some(day * DAY), &format!("C{code}"), value.map(|v| v as f32)))
            .collect();
        expected.sort_by_key(|event| (event.0, event.1));
        prop_assert_eq!(place.events(), expected);
    }
}

const OUTCOMES: &str =
    "id,at,died\n2,1970-01-03 05:00:00,0\n1,1970-01-02 01:00:00,1\n1,1970-01-01 06:00:00,\n";

/// Subjects, index times and outcomes of `labels.parquet`.
fn labels(place: &Place) -> (Vec<i64>, Vec<i64>, Vec<Option<bool>>) {
    use arrow::array::AsArray;
    let file = place.path("out/labels.parquet");
    let times = super::table(&file, "prediction_time", |array| {
        array.as_primitive::<arrow::datatypes::TimestampMicrosecondType>().values().to_vec()
    });
    let outcomes = super::table(&file, "boolean_value", |array| {
        array.as_boolean().iter().collect::<Vec<Option<bool>>>()
    });
    (place.numbers("out/labels.parquet", "subject_id"), times, outcomes)
}

#[test]
fn labels_come_in_order_at_times_or_a_distance() {
    let mapping = format!(
        "{MAPPING}\n[label]\nfile = \"outcomes\"\nsubject = \"id\"\ntime = \"at\"\noutcome = \"died\""
    );
    let place = Place::new().with("in/labs.csv", LABS).with("in/outcomes.csv", OUTCOMES);
    let done = place.long(&mapping, &ImportOptions::default()).unwrap();
    assert_eq!((done.labels, done.events), (3, 3));
    let told =
        (vec![1, 1, 2], vec![6 * HOUR, DAY + HOUR, 2 * DAY + 5 * HOUR], vec![None, Some(true), Some(false)]);
    assert_eq!(labels(&place), told);

    let at_a_day = mapping
        .replace("time = \"at\"\noutcome", "at = 1.5\ntime-unit = \"d\"\norigin = \"1970-01-03\"\noutcome");
    place.long(&at_a_day, &ImportOptions::default()).unwrap();
    assert_eq!(labels(&place).1, vec![3 * DAY + DAY / 2; 3]);
    let hours = OUTCOMES
        .replace("1970-01-03 05:00:00", "5")
        .replace("1970-01-02 01:00:00", "3")
        .replace("1970-01-01 06:00:00", "2.5");
    let place = place.with("in/outcomes.csv", hours);
    let at_hours = mapping.replace("time = \"at\"\noutcome", "time = \"at\"\ntime-unit = \"h\"\noutcome");
    place.long(&at_hours, &ImportOptions::default()).unwrap();
    assert_eq!(labels(&place).1, vec![5 * HOUR / 2, 3 * HOUR, 5 * HOUR]);
}

#[test]
fn a_label_that_cannot_be_read_stops_the_import() {
    let label = "[label]\nfile = \"outcomes\"\nsubject = \"id\"\ntime = \"at\"\noutcome = \"died\"";
    let told = |label: &str, outcomes: &str| {
        let place = Place::new().with("in/labs.csv", LABS).with("in/outcomes.csv", outcomes);
        let error =
            place.long(&format!("{MAPPING}\n{label}"), &ImportOptions::default()).unwrap_err().to_string();
        assert!(!place.path("out").exists(), "{error}");
        error
    };
    let row = told(label, &OUTCOMES.replace("1970-01-02 01:00:00", "soon"));
    assert!(row.contains("`outcomes.csv` row 3, column `at`: not a date or a time"), "{row}");
    let whose = told(label, &OUTCOMES.replace("\n2,", "\n,"));
    assert!(whose.contains("row 2, column `id`: empty"), "{whose}");
    assert!(
        told(label, &OUTCOMES.replace(",0\n", ",gone\n"))
            .contains("some outcomes are numbers and others words")
    );
    assert!(
        told(&label.replace("time = \"at\"", ""), OUTCOMES).contains("the index time is either a column")
    );
    assert!(told(&label.replace("time = \"at\"", "at = 24"), OUTCOMES).contains("a number of `time-unit`s"));
    assert!(
        told(&label.replace("\"outcomes\"", "\"../outcomes\""), OUTCOMES)
            .contains("must lie within the folder")
    );
    assert!(told(&label.replace("\"died\"", "\"dies\""), OUTCOMES).contains("`died`"));
}

#[cfg(unix)]
#[test]
fn records_that_are_imported_for_a_while_are_closed_to_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new().with("in/labs.csv", "id,at,test\n1,2020-01-01,NA\n");
    let mapping =
        Mapping::parse("[[table]]\nfile = \"labs.csv\"\nsubject = \"id\"\ntime = \"at\"\ncode = \"test\"\n")
            .unwrap();
    let source = Source::Long(place.path("in"), mapping);
    let (files, _) = EventFiles::imported(&source, &ImportOptions::default(), &mut |_| {}).unwrap();
    let rejects = files.rejects().unwrap();
    let folder = rejects.ancestors().nth(2).unwrap();
    assert_eq!(std::fs::metadata(folder).unwrap().permissions().mode() & 0o077, 0, "others may look inside");
    let folder = folder.to_owned();
    drop(files);
    assert!(!folder.exists());
}
