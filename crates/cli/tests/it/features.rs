//! `features`, from outside.

use bedside_intake::fuzzing::sound_events;
use serde_json::Value;

use crate::program::{Place, text};

const RECIPE: &str = r#"
[[feature]]
codes = "CODE//[1-4]"
windows = ["full", "0.00001s"]
aggregations = ["code/count", "value/last"]
"#;

const LABELS: &str = "subject_id,prediction_time,boolean_value
3,1970-01-01T00:00:00.000040,true
1,1970-01-01T00:00:00.000020,false
99,1970-01-01T00:00:00.000020,false
";

fn place() -> Place {
    let place = Place::empty();
    place.write("recipe.toml", RECIPE);
    place.write("labels.csv", LABELS);
    std::fs::write(place.path("events.parquet"), sound_events()).unwrap();
    place
}

#[test]
fn a_matrix_comes_with_its_rows_and_a_dictionary() {
    let place = place();
    let done =
        place.call(&["features", "recipe.toml", "events.parquet", "labels.csv", "--out", "made", "--json"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let answer: Value = serde_json::from_slice(&done.stdout).unwrap();
    let number = |key: &str| answer[key].as_u64().unwrap();
    assert_eq!((number("rows"), number("columns"), number("subjects_read")), (3, 14, 14));
    assert_eq!(answer["codes"]["kept"].as_u64(), Some(4));
    assert!(text(&done).contains("1 rows are of subjects who are not in the data"), "{}", text(&done));
    let dictionary = place.read("made/columns.csv");
    let lines: Vec<&str> = dictionary.lines().collect();
    assert_eq!(lines.len(), 15);
    assert_eq!(lines[0], "column,feature,code,window,aggregation,absent,entries");
    assert!(lines[1].starts_with("0,\"CODE//1, count, full\",CODE//1,full,code/count,zero,"), "{}", lines[1]);
    let entries: u64 =
        lines[1..].iter().map(|line| line.rsplit(',').next().unwrap().parse::<u64>().unwrap()).sum();
    assert_eq!(entries, number("entries"));
    assert!(entries > 4);
    for file in ["matrix.npz", "matrix.parquet", "rows.parquet", "recipe.toml"] {
        assert!(place.path("made").join(file).is_file(), "{file}");
    }
    assert_eq!(std::fs::read_dir(place.path("made")).unwrap().count(), 5, "something was left behind");
}

#[test]
fn threads_and_memory_change_nothing() {
    let place = place();
    let mut made = Vec::new();
    for (threads, memory) in [("1", "1GB"), ("3", "1GB"), ("2", "1KB")] {
        let done = place.call(&[
            "features",
            "recipe.toml",
            "events.parquet",
            "--every-instant",
            "--out",
            "made",
            "--threads",
            threads,
            "--memory",
            memory,
        ]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done));
        made.push(
            ["matrix.npz", "matrix.parquet", "rows.parquet", "columns.csv"]
                .map(|f| place.bytes(&format!("made/{f}"))),
        );
    }
    assert!(made[0] == made[1] && made[0] == made[2]);
}

#[test]
fn rare_codes_are_judged_on_the_training_subjects() {
    let place = place();
    place.write("splits.csv", "subject_id,split\n0,train\n1,held_out\n2,train\n");
    place.write("rare.toml", &format!("[rare]\nleast-subjects = 3\n{RECIPE}"));
    let call = |recipe: &str, more: &[&str]| {
        let mut arguments =
            vec!["features", recipe, "events.parquet", "--every-instant", "--out", "made", "--json"];
        arguments.extend(more);
        place.call(&arguments)
    };
    let few = call("rare.toml", &["--splits", "splits.csv"]);
    assert_eq!(few.status.code(), Some(2), "{}", text(&few));
    assert!(text(&few).contains("used often enough"), "{}", text(&few));
    let all = call("rare.toml", &[]);
    assert_eq!(all.status.code(), Some(0), "{}", text(&all));
    assert!(text(&all).contains("name the training subjects with --splits"), "{}", text(&all));
    let trained = call("recipe.toml", &["--splits", "splits.csv"]);
    let answer: Value = serde_json::from_slice(&trained.stdout).unwrap();
    assert_eq!(answer["codes"]["over_subjects"].as_u64(), Some(2));
    let misnamed = call("recipe.toml", &["--splits", "splits.csv", "--train", "training"]);
    assert_eq!(misnamed.status.code(), Some(2));
    assert!(text(&misnamed).contains("no subject the split `training`"), "{}", text(&misnamed));
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_written() {
    let place = place();
    place.write("slip.toml", &RECIPE.replace("value/last", "value/lst"));
    place.write("key.toml", &RECIPE.replace("windows", "window"));
    place.write("ahead.toml", &RECIPE.replace("0.00001s", "-1d"));
    place.write("none.toml", &RECIPE.replace("CODE//[1-4]", "LAB"));
    place.write("cut.csv", &LABELS.replace("subject_id", "subject"));
    place.write("time.csv", &LABELS.replace("1970-01-01T00:00:00.000040", ""));
    place.write("text.csv", &LABELS.replace("\n99,", "\nninety-nine,"));
    for (recipe, labels, told) in [
        ("slip.toml", "labels.csv", "slip.toml:5:"),
        ("slip.toml", "labels.csv", "did you mean `value/last`?"),
        ("key.toml", "labels.csv", "did you mean `windows`?"),
        ("ahead.toml", "labels.csv", "reaches past the index time"),
        ("none.toml", "labels.csv", "none of the 9 codes is asked for"),
        ("recipe.toml", "cut.csv", "`subject_id`"),
        ("recipe.toml", "time.csv", "`time.csv` row 2: expected a time in `prediction_time`"),
        ("recipe.toml", "text.csv", "`text.csv` row 4: expected a whole number in `subject_id`"),
        ("recipe.toml", "absent.csv", "no file `absent.csv`"),
    ] {
        let done = place.call(&["features", recipe, "events.parquet", labels, "--out", "made"]);
        assert_eq!(done.status.code(), Some(2), "{}", text(&done));
        assert!(text(&done).contains(told), "{told}: {}", text(&done));
        assert!(!text(&done).contains("ninety"), "an identifier is shown");
        assert!(!place.path("made").exists(), "{told}: something was written");
    }
    let neither = place.call(&["features", "recipe.toml", "events.parquet", "--out", "made"]);
    assert_eq!(neither.status.code(), Some(2));
}

#[test]
fn ages_that_cannot_be_are_told_of_any_data_set() {
    use bedside_chart::{Codes, Events, Instant, Span, SubjectNumber};
    use bedside_intake::import::{ImportOptions, NewDataSet};
    let place = Place::empty();
    let codes = Codes::default();
    let year = |year: i64| Some(Instant::from_micros(0) + Span::days(365 * (year - 1970)));
    let records: [&[(i64, &str)]; 4] = [
        &[(1850, "MEDS_BIRTH"), (2150, "X")],
        &[(1950, "MEDS_BIRTH"), (1951, "MEDS_BIRTH"), (2020, "X")],
        &[(2020, "X"), (2030, "MEDS_BIRTH")],
        &[(1990, "MEDS_BIRTH"), (2000, "MEDS_DEATH"), (2020, "X")],
    ];
    let subjects: Vec<Events> = records
        .iter()
        .zip(1..)
        .map(|(record, number)| {
            let mut events = Events::new(SubjectNumber::new(number));
            record.iter().for_each(|(at, code)| events.push(year(*at), codes.id(code).unwrap(), None));
            events
        })
        .collect();
    let data = NewDataSet::begin(&place.path("events"), false).unwrap();
    data.write("a test", subjects.into_iter(), &codes, &[], &ImportOptions::default(), &mut |_| {}).unwrap();
    data.commit().unwrap();
    place.write("recipe.toml", "[rare]\nleast-subjects = 0\n[[clock]]\nreads = [\"age\"]\n");
    let task = "predicates: {x: {code: X}}\ntrigger: x\nwindows: {input: {start: null, end: trigger, start_inclusive: true, \
                end_inclusive: true, index_timestamp: end}}\n";
    place.write("task.yaml", task);
    let labelled = place.call(&["cohort", "task.yaml", "events", "--out", "labels.csv"]);
    let tabulated = place.call(&["features", "recipe.toml", "events", "labels.csv", "--out", "made"]);
    for done in [labelled, tabulated] {
        assert_eq!(done.status.code(), Some(0), "{}", text(&done));
        for told in [
            "1 row has an index time before the birth of their subject",
            "1 row has a subject who would be older than 120 years",
            "1 row has an index time after the day of death of their subject",
            "1 subject has births at different times; ages count from the first",
        ] {
            assert!(text(&done).contains(&format!("warning: {told}")), "{told}: {}", text(&done));
        }
    }
}
