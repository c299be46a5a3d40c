//! From a table to a sealed model and back to scores.

use std::collections::HashMap;

use crate::program::{Place, text};

fn run(place: &Place, out: &str, threads: &str) {
    let done = place.call(&["run", "study.toml", "--out", out, "--threads", threads]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
}

#[test]
fn threads_change_no_bit_and_prediction_repeats_the_scores_of_the_report() {
    let place = Place::new();
    run(&place, "one", "1");
    run(&place, "two", "2");
    for name in ["model.bedside", "rows.csv", "held-out-scores.csv", "out-of-fold-scores.csv"] {
        assert_eq!(place.bytes(&format!("one/{name}")), place.bytes(&format!("two/{name}")), "{name}");
    }
    assert_eq!(
        place.list("one"),
        [
            "held-out-scores.csv",
            "model.bedside",
            "out-of-fold-scores.csv",
            "report.html",
            "report.json",
            "rows.csv"
        ]
    );

    // Whole table in, every model: held-out rows get the very bits that the report judged.
    for model in ["ridge", "trees"] {
        let scored = place.call(&["predict", "one/model.bedside", "table.csv", "--name", model]);
        assert!(scored.status.success(), "{}", text(&scored));
        let of_row: Vec<String> =
            String::from_utf8(scored.stdout).unwrap().lines().skip(1).map(str::to_owned).collect();
        let reported: HashMap<usize, String> = place
            .read("one/held-out-scores.csv")
            .lines()
            .skip(1)
            .map(|line| line.split(',').collect::<Vec<_>>())
            .filter(|cells| cells[1] == model)
            .map(|cells| (cells[0].parse().unwrap(), cells[2].to_owned()))
            .collect();
        assert_eq!(of_row.len(), 4000);
        assert!(reported.len() > 200);
        for (row, score) in reported {
            let (own, score): (f64, f64) = (of_row[row - 1].parse().unwrap(), score.parse().unwrap());
            assert_eq!(own.to_bits(), score.to_bits(), "row {row} of {model}");
        }
    }
}

#[test]
fn no_patient_is_on_two_sides_or_in_two_folds() {
    let place = Place::new();
    run(&place, "out", "2");
    let table = place.read("table.csv");
    let patients: Vec<&str> = table.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    let mut side: HashMap<&str, String> = HashMap::new();
    let rows = place.read("out/rows.csv");
    for line in rows.lines().skip(1) {
        let (row, place) = line.split_once(',').unwrap();
        let patient = patients[row.parse::<usize>().unwrap() - 1];
        assert_eq!(side.entry(patient).or_insert_with(|| place.to_owned()), place);
    }
    assert!(side.len() < rows.lines().count() - 1, "the table has no patient with two rows");
}

#[test]
fn one_record_a_table_and_parquet_score_alike() {
    let place = Place::new();
    run(&place, "out", "2");
    let table = place.read("table.csv");
    let mut lines = table.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let cells: Vec<&str> = lines.next().unwrap().split(',').collect();
    let fields: serde_json::Map<String, serde_json::Value> = names
        .iter()
        .zip(&cells)
        .map(|(name, cell)| {
            let value = match (*cell, cell.parse::<i64>()) {
                ("?", _) => serde_json::Value::Null,
                (_, Ok(number)) => number.into(),
                (text, Err(_)) => text.into(),
            };
            ((*name).to_owned(), value)
        })
        .collect();
    place.write("record.json", &serde_json::to_string(&fields).unwrap());
    let piped = place
        .command()
        .args(["predict", "out/model.bedside", "-"])
        .stdin(std::fs::File::open(place.path("record.json")).unwrap())
        .output()
        .unwrap();
    assert!(piped.status.success(), "{}", text(&piped));
    let answer: serde_json::Value = serde_json::from_slice(&piped.stdout).unwrap();

    place.write("first.csv", &table.lines().take(2).map(|l| format!("{l}\n")).collect::<String>());
    let scored = place.call(&["predict", "out/model.bedside", "first.csv", "--out", "scored.parquet"]);
    assert!(scored.status.success(), "{}", text(&scored));
    assert!(place.bytes("scored.parquet").starts_with(b"PAR1"));
    let scored = place.call(&["predict", "out/model.bedside", "first.csv"]);
    let line = String::from_utf8(scored.stdout).unwrap().lines().nth(1).unwrap().to_owned();
    assert_eq!(answer["risk"].as_f64().unwrap().to_bits(), line.parse::<f64>().unwrap().to_bits());
}

#[test]
fn a_gate_that_fails_gives_status_one_and_its_name() {
    let place = Place::new();
    place.write("study.toml", &format!("{}\n[gates]\nauroc = \">= 0.99\"\n", crate::program::STUDY));
    let done = place.call(&["run", "study.toml", "--out", "out"]);
    assert_eq!(done.status.code(), Some(1), "{}", text(&done));
    assert!(text(&done).contains("`auroc` should be >= 0.99"), "{}", text(&done));
    assert!(place.list("out").contains(&"report.html".to_owned()));
}

#[test]
fn nested_tuning_shows_what_each_fold_chose_and_names_the_champion_by_it() {
    let place = Place::new();
    let nested = place.read("study.toml") + "\n[tune]\nnested = true\n";
    place.write("study.toml", &nested);
    run(&place, "out", "2");
    let report: serde_json::Value = serde_json::from_str(&place.read("out/report.json")).unwrap();
    let models = report["models"].as_array().unwrap();
    let folds = report["split"]["folds"].as_u64().unwrap() as usize;
    for model in models {
        assert_eq!(model["tuning"]["nested"].as_array().unwrap().len(), folds, "{}", model["name"]);
    }
    let log_loss = |model: &serde_json::Value| -> f64 {
        let values = model["folds"].as_array().unwrap().iter().find(|m| m[0] == "Log loss").unwrap();
        let values = values[1].as_array().unwrap();
        values.iter().map(|v| v.as_f64().unwrap()).sum::<f64>() / values.len() as f64
    };
    let best = models.iter().min_by(|a, b| log_loss(a).total_cmp(&log_loss(b))).unwrap();
    assert_eq!(best["champion"], true, "{}", best["name"]);
    assert!(place.read("out/report.html").contains("Tuned anew for each fold"));
}

#[test]
fn decimal_commas_give_the_model_of_decimal_points() {
    let place = Place::empty();
    let mut point = String::from("x;z;y\n");
    for row in 0..400u32 {
        let (x, noise) = (row * 7919 % 1000, row * 104_729 % 2000);
        point += &format!("{}.{};{};{}\n", x / 10, x % 10, row % 7, u32::from(x + noise > 1500));
    }
    place.write("point.csv", &point);
    place.write("comma.csv", &point.replace('.', ","));
    let study = |name: &str, more: &str| {
        format!(
            "[study]\ntitle = \"Decimals\"\nseed = 1\n[data]\npath = \"{name}.csv\"\n{more}[outcome]\ncolumn = \"y\"\n[[exclude]]\n\
             column = \"x\"\nabove = 95.5\nreason = \"far\"\n[[exclude]]\ncolumn = \"x\"\nis = 0.9\nreason = \"odd\"\n[[model]]\n\
             name = \"lasso\"\nkind = \"lasso\"\n"
        )
    };
    place.write("point.toml", &study("point", ""));
    place.write("comma.toml", &study("comma", "decimal = \",\"\n"));
    place.write("unsaid.toml", &study("comma", ""));
    for name in ["point", "comma"] {
        let done = place.call(&["run", &format!("{name}.toml"), "--out", name]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done));
        let done = place.call(&["predict", &format!("{name}/model.bedside"), &format!("{name}.csv")]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done));
        place.write(&format!("{name}.scores"), &String::from_utf8(done.stdout).unwrap());
    }
    let flow = |name: &str| -> serde_json::Value {
        let report: serde_json::Value =
            serde_json::from_str(&place.read(&format!("{name}/report.json"))).unwrap();
        report["flow"].clone()
    };
    assert_eq!(flow("point"), flow("comma"));
    assert!(flow("comma")[1]["removed"].as_u64().unwrap() > 5 && flow("comma")[2]["removed"] == 1);
    assert_eq!(place.bytes("point/held-out-scores.csv"), place.bytes("comma/held-out-scores.csv"));
    assert_eq!(place.read("point.scores"), place.read("comma.scores"));
    let done = place.call(&["check", "unsaid.toml"]);
    assert_eq!(done.status.code(), Some(2), "{}", text(&done));
    assert!(text(&done).contains("Add `decimal = \",\"` below [data]"), "{}", text(&done));
    // An outcome of numbers is read so, too.
    let numbers = |name: &str, more: &str| study(name, more).replace("column = \"y\"", "column = \"x\"");
    place.write("number.toml", &numbers("comma", "decimal = \",\"\n"));
    let done = place.call(&["check", "number.toml", "--json"]);
    let answer: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(answer["outcome"]["kind"], "continuous", "{}", text(&done));
    assert_eq!(answer["outcome"]["range"][1], 95.3);
}

/// Of a run, not of a fixture: what the README promises of a report is in it.
#[test]
fn a_report_has_every_section_that_the_readme_names() {
    let place = Place::new();
    run(&place, "out", "2");
    let report: serde_json::Value = serde_json::from_str(&place.read("out/report.json")).unwrap();
    let items = report["tripod"].as_array().unwrap();
    assert_eq!(items.len(), 52);
    assert!(items.iter().filter(|item| item["answer"].is_string()).count() > 20);
    let id = report["manifest"]["bundle_id"].as_str().unwrap();
    assert!(items.iter().any(|item| item["answer"].as_str().is_some_and(|said| said.contains(&id[..12]))));
    let page = place.read("out/report.html");
    for section in [
        "findings",
        "participants",
        "data",
        "performance",
        "comparison",
        "subgroups",
        "explanations",
        "fitting",
        "tripod",
        "card",
        "manifest",
    ] {
        assert!(page.contains(&format!("id=\"{section}\"")), "no section `{section}`");
    }
}
