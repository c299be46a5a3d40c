//! Times that cannot be, or that stand for none: through every door.

use bedside_intake::import::{ImportOptions, OddTimes, Source};
use bedside_intake::parse_time;

use super::Place;
use super::meds::{batch, write};

/// The codes of a subject's events, in order.
fn codes(place: &Place, subject: i64) -> Vec<String> {
    place.events().into_iter().filter(|event| event.0 == subject).map(|event| event.2).collect()
}

fn time_of(place: &Place, subject: i64, code: &str) -> Option<i64> {
    place.events().into_iter().find(|event| event.0 == subject && event.2 == code).and_then(|event| event.1)
}

fn at(text: &str) -> Option<i64> {
    Some(parse_time(text, None).unwrap())
}

fn with(odd_times: OddTimes) -> ImportOptions {
    ImportOptions { odd_times, ..ImportOptions::default() }
}

const PERSON: &str = "\
person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,birth_datetime,race_concept_id,ethnicity_concept_id
1,0,2100,1,1,,0,0
2,0,2100,,,,0,0
3,0,2100,1,1,,0,0
4,0,2100,1,1,,0,0
5,0,1850,1,1,,0,0
6,0,2150,,,,0,0
7,0,1900,1,1,,0,0
";

/// A stay that ends before it begins, after a death; a death before a stay; two that overlap; an end that is open; a stay in the
/// year of birth.
const VISIT: &str = "\
visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_start_datetime,visit_end_date,visit_end_datetime
1,1,9201,2150-01-31,2150-01-31 15:08:00,2150-01-31,2150-01-31 03:11:00
2,2,9201,2150-03-01,2150-03-01 10:00:00,2150-03-05,2150-03-05 10:00:00
3,3,9201,2150-10-20,2150-10-20 05:17:00,2150-10-30,2150-10-30 08:00:00
4,3,9201,2150-10-29,2150-10-29 00:01:00,2150-10-30,2150-10-30 04:40:00
5,4,9201,2150-05-05,2150-05-05 09:00:00,2150-05-06,2150-05-06 10:00:00
6,5,9201,2150-05-05,2150-05-05 09:00:00,9999-12-31,9999-12-31 00:00:00
7,6,9201,2150-04-05,2150-04-05 09:00:00,2150-04-06,2150-04-06 10:00:00
";

const DEATH: &str = "\
person_id,death_date,death_datetime
1,2150-01-31,2150-01-31 03:11:00
3,2150-10-30,2150-10-30 04:40:00
4,2150-05-06,2150-05-06 10:00:00
4,2150-05-08,2150-05-08 10:00:00
2,2149-12-31,2149-12-31 01:00:00
";

fn omop() -> Place {
    Place::new()
        .with("in/person.csv", PERSON)
        .with("in/visit_occurrence.csv", VISIT)
        .with("in/death.csv", DEATH)
}

#[test]
fn each_kind_is_told_by_omop() {
    let place = omop();
    let source = Source::Omop(place.path("in"));
    let done = place.import(&source, &with(OddTimes::Open)).unwrap();
    assert_eq!(
        done.notes,
        [
            "1 record ends before it begins (1 in `visit_occurrence.csv`); both times are kept",
            "1 event is at times in 2250 or later, which stands for an end that is open: they are no events (`--odd-times keep` keeps \
             them): 1 `Visit/IP//END`",
            "1 event is at days that often stand for an unknown one, such as 1900-01-01, and kept (`--odd-times drop` leaves them \
             out): 1 `MEDS_BIRTH`",
            "2 births are known by the year alone: taken is the day of the first record in that year, or the 15th of June where there is \
             none",
            "2 events are after the day of death, of 1 subject; all are kept",
            "2 stays begin after the death of the subject; all are kept",
            "1 stay overlaps with another of the same kind and the same subject; all are kept",
            "1 subject has events at an age of more than 120 years; their ages are not to be trusted",
            "1 subject has several deaths at different times",
        ]
    );
    assert_eq!(codes(&place, 5), ["MEDS_BIRTH", "Visit/IP"], "the stay goes on");
    assert_eq!(codes(&place, 1), ["MEDS_BIRTH", "Visit/IP//END", "MEDS_DEATH", "Visit/IP"]);
    assert_eq!(time_of(&place, 2, "MEDS_BIRTH"), at("2100-06-15"));
    assert_eq!(time_of(&place, 6, "MEDS_BIRTH"), at("2150-04-05"), "the first record of the year");
    assert_eq!(codes(&place, 6), ["MEDS_BIRTH", "Visit/IP", "Visit/IP//END"], "it stands before that record");

    let kept = place.import(&source, &with(OddTimes::Keep)).unwrap();
    assert_eq!((kept.events, time_of(&place, 5, "Visit/IP//END")), (done.events + 1, at("9999-12-31")));
    assert!(kept.notes.iter().any(|note| note.contains("2250 or later, and kept")), "{:?}", kept.notes);
    let dropped = place.import(&source, &with(OddTimes::Drop)).unwrap();
    assert_eq!(
        (dropped.events, dropped.subjects),
        (done.events - 1, done.subjects - 1),
        "{:?}",
        dropped.notes
    );
    assert!(codes(&place, 7).is_empty());
}

#[test]
fn sound_records_have_no_notes_of_it() {
    let person = PERSON.lines().take(2).chain(["4,0,2100,1,1,,0,0"]).map(|line| format!("{line}\n"));
    let visit = VISIT
        .lines()
        .enumerate()
        .filter(|(line, _)| matches!(line, 0 | 5))
        .map(|(_, line)| format!("{line}\n"));
    let place = Place::new()
        .with("in/person.csv", person.collect::<String>())
        .with("in/visit_occurrence.csv", visit.collect::<String>())
        .with("in/death.csv", "person_id,death_date,death_datetime\n4,2150-05-06,\n");
    let done = place.import(&Source::Omop(place.path("in")), &ImportOptions::default()).unwrap();
    let told: Vec<&String> = done.notes.iter().filter(|note| !note.contains("concept")).collect();
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn an_open_end_is_no_event_through_any_door() {
    let expected = "2 events are at times in 2250 or later, which stands for an end that is open";
    let long = Place::new().with(
        "in/stays.csv",
        "id,came,left\n1,2020-01-01 10:00:00,9999-12-31\n2,2020-01-01 10:00:00,2020-01-03 10:00:00\n3,2020-01-01 10:00:00,2262-04-11 23:47:16\n",
    );
    let mapping = "[[table]]\nfile = \"stays.csv\"\nsubject = \"id\"\ntime = \"came\"\nevent = \"CAME\"\n\
                   [[table]]\nfile = \"stays.csv\"\nsubject = \"id\"\ntime = \"left\"\nevent = \"LEFT\"\n";
    let done = long.long(mapping, &with(OddTimes::Open)).unwrap();
    assert!(done.notes.iter().any(|note| note.starts_with(expected)), "{:?}", done.notes);
    assert_eq!(
        (codes(&long, 1), codes(&long, 2)),
        (vec!["CAME".to_owned()], vec!["CAME".to_owned(), "LEFT".to_owned()])
    );
    assert_eq!(long.long(mapping, &with(OddTimes::Keep)).unwrap().events, done.events + 2);

    let fhir = Place::new().with(
        "in/a.ndjson",
        r#"{"resourceType": "Patient", "id": "p", "birthDate": "1950"}
{"resourceType": "Encounter", "id": "e", "status": "in-progress", "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"}, "subject": {"reference": "Patient/p"}, "period": {"start": "2020-01-01T10:00:00Z", "end": "9999-12-31"}}
{"resourceType": "Encounter", "id": "f", "status": "finished", "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"}, "subject": {"reference": "Patient/p"}, "period": {"start": "2020-02-01T10:00:00Z", "end": "2020-01-01T10:00:00Z"}}
{"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1"}]}, "onsetDateTime": "2020-01-01T10:00:00Z", "abatementDateTime": "2999-12-31"}
"#,
    );
    let done = fhir.import(&Source::Fhir(fhir.path("in")), &with(OddTimes::Open)).unwrap();
    let told = done.notes.join("\n");
    assert!(told.contains(expected), "{told}");
    assert!(told.contains("1 record ends before it begins (1 in `a.ndjson`)"), "{told}");
    assert!(told.contains("1 birth is known by the year alone"), "{told}");
    let subject = fhir.events()[0].0;
    assert_eq!(time_of(&fhir, subject, "MEDS_BIRTH"), at("1950-06-15"));

    let meds = Place::new();
    let far = at("9999-12-31").unwrap() / 1000;
    let rows = [
        (1, Some(0), "CAME", None),
        (1, Some(far), "LEFT", None),
        (2, Some(0), "CAME", None),
        (2, Some(far), "LEFT", None),
    ];
    write(&meds, "in/a.parquet", &batch(&rows));
    let done = meds.import(&Source::Meds(meds.path("in")), &with(OddTimes::Open)).unwrap();
    assert!(done.notes.iter().any(|note| note.starts_with(expected)), "{:?}", done.notes);
    assert_eq!((done.events, done.codes), (2, 1));
}

#[test]
fn births_and_deaths_of_any_records_are_looked_at() {
    let ms = |text: &str| Some(at(text).unwrap() / 1000);
    let rows = [
        (1, ms("1990-01-01"), "MEDS_BIRTH", None),
        (1, ms("1980-01-01"), "X", None),
        (1, ms("1990-01-01"), "X", None),
        (2, ms("1950-01-01"), "MEDS_BIRTH", None),
        (2, ms("1951-01-01"), "MEDS_BIRTH", None),
        (2, ms("1951-01-01"), "MEDS_BIRTH", None),
        (3, ms("1850-01-01"), "MEDS_BIRTH", None),
        (3, ms("2020-01-01"), "X", None),
        (3, ms("2020-01-02"), "X", None),
        (4, None, "SEX//F", None),
        (4, ms("2020-01-01 10:00:00"), "MEDS_DEATH", None),
        (4, ms("2020-01-01 23:00:00"), "X", None),
        (4, ms("2020-01-02"), "X", None),
    ];
    let place = Place::new();
    write(&place, "in/a.parquet", &batch(&rows));
    // In little memory, so that groups and runs end anywhere.
    for options in [
        ImportOptions::default(),
        ImportOptions { memory: 0, shard: 1, threads: 3, ..ImportOptions::default() },
    ] {
        let done = place.import(&Source::Meds(place.path("in")), &options).unwrap();
        assert_eq!(
            done.notes[..4],
            [
                "1 event is before the day of birth, of 1 subject; all are kept",
                "1 event is after the day of death, of 1 subject; all are kept",
                "1 subject has events at an age of more than 120 years; their ages are not to be trusted",
                "1 subject has several births at different times; ages count from the first",
            ],
            "{:?}",
            done.notes
        );
        assert_eq!(done.events, rows.len() as u64);
    }
}
