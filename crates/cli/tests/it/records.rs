//! Records that are scored one by one, and tables: what cannot be read is never taken for not measured, and what is odd is said to
//! whoever reads the answer, program or person.

use std::io::Write as _;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::program::{Place, text};

const STUDY: &str = r#"
[study]
title = "Records"
question = "Who dies?"
intended-use = "To test."
seed = 1

[data]
path = "table.csv"

[columns]
row-id = "id"
types = { lab = "numeric" }
units = { weight = "kg" }

[outcome]
column = "dead"
event = 1

[report]
replicates = 100

[[model]]
name = "trees"
kind = "boosted-trees"
trees = 20
champion = true

[[model]]
name = "ridge"
kind = "ridge"
"#;

/// `age` and `ward` are always there, `lab` is missing in a fifth of the rows.
fn place() -> Place {
    let place = Place::empty();
    let mut state = 7u64;
    let mut below = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    let mut csv = "id,age,weight,lab,ward,dead\n".to_owned();
    for id in 0..900 {
        let (age, weight, lab, ward) = (18 + below(80), 40 + below(90), below(100), below(3));
        let lab_cell = if below(5) == 0 { String::new() } else { format!("{}", lab as f64 / 10.0) };
        let dead = u8::from(below(160) < age + if ward == 0 { 30 } else { 0 });
        csv.push_str(&format!("{id},{age},{weight},{lab_cell},{},{dead}\n", ["A", "B", "C"][ward as usize]));
    }
    place.write("table.csv", &csv);
    place.write("study.toml", STUDY);
    let done = place.call(&["run", "study.toml", "--out", "run"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    place
}

fn piped(place: &Place, json: &str) -> Output {
    let mut child = place
        .command()
        .args(["predict", "run/model.bedside", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(json.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn answered(place: &Place, json: &str) -> Vec<Value> {
    let done = piped(place, json);
    assert_eq!(done.status.code(), Some(0), "{json}: {}", text(&done));
    String::from_utf8(done.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn warnings(answer: &Value) -> Vec<String> {
    let list = answer["warnings"].as_array().unwrap();
    list.iter().map(|warning| warning.as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_cannot_be_read_is_an_error_for_a_record() {
    let place = place();
    let record = |age: &str| format!(r#"{{"age":{age},"weight":70,"lab":3.5,"ward":"B"}}"#);
    let plain = answered(&place, &record("71"));
    assert_eq!(warnings(&plain[0]), Vec::<String>::new());
    // A text that is a plain number says the same; what means missing is missing.
    assert_eq!(answered(&place, &record("\"71\"")), plain);
    for wrong in
        ["\"34,5\"", "\"34 w\"", "true", "false", "[71]", "{}", "\"<5\"", "\"1e999\"", "1e999", "-1e400"]
    {
        let refused = piped(&place, &record(wrong));
        assert_eq!(refused.status.code(), Some(2), "{wrong}: {}", text(&refused));
        assert!(
            refused.stdout.is_empty() && text(&refused).contains("record 1: `age`"),
            "{wrong}: {}",
            text(&refused)
        );
        assert!(!text(&refused).contains("34,5") && !text(&refused).contains("34 w"), "{}", text(&refused));
    }
    // In a list, the record is named; nothing is scored.
    let refused = piped(&place, &format!("[{},{}]", record("71"), record("\"old\"")));
    assert_eq!(refused.status.code(), Some(2));
    assert!(refused.stdout.is_empty() && text(&refused).contains("record 2: `age`"), "{}", text(&refused));
    for (json, told) in [
        (r#"{"age":71,"age":17,"weight":70,"lab":3.5,"ward":"B"}"#, "`age` is there twice"),
        (r#"{"age":71,"weight":70,"weight [g]":7,"lab":3.5,"ward":"B"}"#, "`weight` is there twice"),
        (r#"{"age":71,"weight":{"value":7,"value":8,"unit":"g"},"lab":3.5,"ward":"B"}"#, "`weight` must be"),
        (
            r#"{"age":71,"weight":{"value":"7 0","unit":"g"},"lab":3.5,"ward":"B"}"#,
            "`weight` must be a number",
        ),
        (r#"{"age":71,"weight":{"value":7,"unit":"mmol/L"},"lab":3.5,"ward":"B"}"#, "`weight`"),
        (r#"{"age":{"value":7,"unit":"a"},"weight":70,"lab":3.5,"ward":"B"}"#, "`age`"),
        (r#"{"agee":71,"weight":70,"lab":3.5,"ward":"B"}"#, "`agee`"),
        (r#"{"age":71,"weight":70,"lab":3.5}"#, "lacks 1 of the model's predictors: ward"),
        (r#"[]"#, "no record"),
        (r#"[7]"#, "JSON object"),
        (r#"{"age":71"#, "not JSON"),
    ] {
        let refused = piped(&place, json);
        assert_eq!(refused.status.code(), Some(2), "{json}: {}", text(&refused));
        assert!(refused.stdout.is_empty() && text(&refused).contains(told), "{json}: {}", text(&refused));
    }
    // A unit beside the number means what it says.
    let grams = r#"{"age":71,"weight":{"value":70000,"unit":"g"},"lab":3.5,"ward":"B"}"#;
    assert_eq!(answered(&place, grams)[0]["risk"], plain[0]["risk"]);
    let grams = r#"{"age":71,"weight [g]":70000,"lab":3.5,"ward":"B"}"#;
    assert_eq!(answered(&place, grams)[0]["risk"], plain[0]["risk"]);
}

#[test]
fn what_is_odd_about_a_record_stands_in_its_answer() {
    let place = place();
    let odd = [
        (r#"{"age":71,"weight":70,"lab":null,"ward":"B"}"#, None),
        (r#"{"age":71,"weight":70,"lab":3.5,"ward":"Z"}"#, Some("`ward` has a level")),
        (r#"{"age":71,"weight":70,"lab":3.5,"ward":null}"#, Some("`ward` is missing")),
        (r#"{"age":null,"weight":70,"lab":3.5,"ward":"B"}"#, Some("`age` is missing")),
        (r#"{"age":710,"weight":70,"lab":3.5,"ward":"B"}"#, Some("`age` is far outside")),
        (r#"{"age":-1,"weight":70,"lab":3.5,"ward":"B"}"#, Some("`age` is far outside")),
        (r#"{"age":71,"weight":1e308,"lab":3.5,"ward":"B"}"#, Some("`weight` is far outside")),
        (r#"{"age":71,"weight":70,"lab":3.5,"ward":"B","mood":"good"}"#, Some("`mood`")),
        (r#"{"age":null,"weight":null,"lab":null,"ward":null}"#, Some("every predictor is missing")),
    ];
    for (json, told) in odd {
        let answer = &answered(&place, json)[0];
        let warned = warnings(answer);
        assert!(answer["risk"].is_number(), "{json}");
        match told {
            None => assert!(warned.is_empty(), "{json}: {warned:?}"),
            Some(told) => assert!(warned.iter().any(|text| text.contains(told)), "{json}: {warned:?}"),
        }
        assert!(!warned.iter().any(|text| text.contains("good") || text.contains("`Z`")), "{warned:?}");
    }
    // Together, each answer has its own; the terminal names the record.
    let list: Vec<&str> = odd.iter().map(|(json, _)| *json).collect();
    let done = piped(&place, &format!("[{}]", list.join(",")));
    assert!(
        String::from_utf8_lossy(&done.stderr).contains("record 2: `ward` has a level"),
        "{}",
        text(&done)
    );
    let together: Vec<Value> = String::from_utf8(done.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for ((json, _), answer) in odd.iter().zip(&together) {
        assert_eq!(&answered(&place, json)[0], answer);
    }
}

#[test]
fn a_row_of_a_table_that_cannot_be_read_has_no_score() {
    let place = place();
    place.write("new.csv", "id,age,weight,lab,ward\n1,71,70,3.5,B\n2,\"34,5\",70,3.5,B\n3,34 w,7 t,3.5,B\n4,710,70,3.5,Q\n5,,70,,B\n");
    let done = place.call(&[
        "predict",
        "run/model.bedside",
        "new.csv",
        "--keep",
        "id",
        "--out",
        "out.csv",
        "--explain",
    ]);
    let said = text(&done);
    assert_eq!(done.status.code(), Some(0), "{said}");
    for told in [
        "not scored: 2 rows (2, 3): `age`",
        "not scored: row 3: `weight`",
        "row 4: `age` is far outside",
        "row 4: `ward` has a level",
        "row 5: `age` is missing",
        "3 rows scored, 2 without a score",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert!(!said.contains("34") && !said.contains("`Q`"), "a cell leaves: {said}");
    let out = place.read("out.csv");
    let cells: Vec<Vec<&str>> = out.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let risks: Vec<bool> = cells.iter().map(|row| row[1].parse::<f64>().is_ok()).collect();
    assert_eq!(risks, [true, false, false, true, true]);
    assert!(cells[1][1..].iter().all(|cell| cell.is_empty()), "{:?}", cells[1]);

    let json = place.call(&["predict", "run/model.bedside", "new.csv", "--json", "--explain"]);
    let answers: Vec<Value> = String::from_utf8(json.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(answers[1]["risk"].is_null() && answers[1].get("reasons").is_none());
    assert!(answers[1]["rejected"][0].as_str().unwrap().contains("`age`"));
    assert!(answers[0].get("rejected").is_none() && warnings(&answers[0]).is_empty());
    assert_eq!(warnings(&answers[3]).len(), 2);

    place.write("new.csv", "id,age,weight,lab,ward\n1,x,70,3.5,B\n2,y,70,3.5,B\n");
    let none = place.call(&["predict", "run/model.bedside", "new.csv"]);
    assert_eq!(none.status.code(), Some(2), "{}", text(&none));
    assert!(none.stdout.is_empty() && text(&none).contains("no row can be scored"), "{}", text(&none));

    // The rows that it learned from surprise nobody.
    let own = place.call(&["predict", "run/model.bedside", "table.csv", "--out", "own.csv"]);
    assert_eq!(text(&own).matches("warning").count(), 0, "{}", text(&own));
}
