//! `data`: the known public data sets.

use std::process::ExitCode;

use bedside_intake::datasets::{DATASETS, Dataset, find, search_folders};
use serde_json::json;

use crate::args::{Data, DataAction, Global};
use crate::failure::Failure;
use crate::terminal::say;

pub(crate) fn data(args: &Data, global: &Global) -> Result<ExitCode, Failure> {
    match &args.action {
        DataAction::List => list(global),
        DataAction::Get { name, into } => {
            let found = bedside_intake::datasets::get(name, into)?;
            say(&format!("{}", found.folder.display()));
        }
        DataAction::Verify { name } => verify(name.as_deref(), global)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(global: &Global) {
    let folders = search_folders();
    let place = |set: &Dataset| find(set.name, &folders).ok().map(|found| found.folder.display().to_string());
    if global.json {
        let sets: Vec<_> = DATASETS
            .iter()
            .map(|s| json!({ "name": s.name, "title": s.title, "licence": s.licence, "citation": s.citation, "origin": s.origin, "found": place(s) }))
            .collect();
        say(&json!(sets).to_string());
        return;
    }
    for set in DATASETS {
        say(&format!("{}\n  {}\n  {}; {}\n  {}", set.name, set.title, set.licence, set.citation, set.origin));
        say(&place(set).map_or_else(|| "  not found here".to_owned(), |place| format!("  found: {place}")));
    }
}

fn verify(name: Option<&str>, global: &Global) -> Result<(), Failure> {
    let folders = search_folders();
    let found: Vec<_> = match name {
        Some(name) => vec![find(name, &folders)?],
        None => DATASETS.iter().filter_map(|set| find(set.name, &folders).ok()).collect(),
    };
    for copy in &found {
        copy.verify()?;
        if !global.json {
            say(&format!("{}: every file is the original", copy.dataset.name));
        }
    }
    if global.json {
        say(&json!(found.iter().map(|f| f.dataset.name).collect::<Vec<_>>()).to_string());
    }
    Ok(())
}
