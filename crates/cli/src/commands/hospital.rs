//! `simulate hospital`: patients with all their events, as a data set or in the form in which hospitals hand them over.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;

use bedside_chart::SubjectNumber;
use bedside_intake::Staged;
use bedside_intake::import::{ImportOptions, NewDataSet, numbered};
use bedside_simulate::{Form, Hospital, Patient};
use rayon::prelude::*;
use serde_json::json;

use super::cohort::available;
use super::grouped::grouped;
use crate::args::{Global, RecordForm, Simulate};
use crate::failure::Failure;
use crate::terminal::{Counter, say, tell};

mod notes;
mod truth;

use notes::notes;
use truth::{Truth, truth_bytes};

/// Patients, unless told otherwise.
const SUBJECTS: u64 = 1_000;
/// Patients written down by one thread at a time.
const BLOCK: u64 = 64;
const TRUTH: &str = "truth.csv";

/// What was written.
struct Done {
    subjects: u64,
    /// Events; of a form that is not a data set, none.
    events: Option<u64>,
    truth: Truth,
}

pub(crate) fn hospital(args: &Simulate, global: &Global) -> Result<ExitCode, Failure> {
    let Some(out) = &args.out else {
        return Err(Failure::Input("`simulate hospital` needs --out FOLDER".to_owned()));
    };
    if args.rows.is_some() || args.with_truth {
        let instead =
            "--rows and --with-truth are for tables; a hospital has --subjects or --events, and truth.csv";
        return Err(Failure::Input(instead.to_owned()));
    }
    let threads = args.machine.threads.map_or_else(available, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|e| Failure::Input(format!("cannot start {threads} threads: {e}")))?;
    let hospital = Hospital::new(args.seed)?;
    let counter = Counter::start(global.json);
    let done = pool.install(|| {
        let subjects = match args.events {
            Some(events) => {
                counter.show("counting the patients that it takes");
                hospital.subjects_with(events)?
            }
            None => args.subjects.unwrap_or(SUBJECTS),
        };
        match args.form {
            RecordForm::Meds => data_set(&hospital, subjects, threads, out, args.seed, &counter),
            RecordForm::Omop => records(&hospital, Form::Omop, subjects, threads, out, &counter),
            RecordForm::Fhir => records(&hospital, Form::Fhir, subjects, threads, out, &counter),
        }
    });
    counter.finish();
    told(&done?, out, global);
    Ok(ExitCode::SUCCESS)
}

fn told(done: &Done, out: &Path, global: &Global) {
    let Done { subjects, events, truth } = done;
    let deaths = truth.iter().filter(|(_, stay)| stay.died).count();
    let risk = truth.iter().map(|(_, stay)| stay.risk).sum::<f64>() / truth.len().max(1) as f64;
    if global.json {
        let out = out.display().to_string();
        let answer = json!({
            "subjects": subjects, "events": events, "stays": truth.len(), "deaths_in_stays": deaths, "mean_true_risk": risk, "out": out,
        });
        return say(&answer.to_string());
    }
    let events = events.map_or_else(String::new, |events| format!("{} events of ", grouped(events)));
    say(&format!("{events}{} subjects", grouped(*subjects)));
    let stays = truth.len() as u64;
    say(&format!(
        "{} inpatient stays, {} of them ended in death; the mean true risk is {:.2} %",
        grouped(stays),
        grouped(deaths as u64),
        100.0 * risk
    ));
    tell(&format!("written to {}", out.display()));
}

fn data_set(
    hospital: &Hospital,
    subjects: u64,
    threads: usize,
    out: &Path,
    seed: u64,
    counter: &Counter,
) -> Result<Done, Failure> {
    let data = NewDataSet::begin(out, false)?;
    // The patients are made by whichever thread asks for the next one, in order.
    let truth = Mutex::new(Truth::new());
    let patients = (1..=subjects).map(|number| {
        let patient = hospital.patient(number);
        if let Ok(mut truth) = truth.lock() {
            truth.extend(patient.stays().map(|stay| (patient.subject(), stay)));
        }
        hospital.events(&patient)
    });
    let options =
        ImportOptions { name: format!("simulated hospital, seed {seed}"), threads, ..Default::default() };
    let mut written = 0;
    let stored = data.write(
        "bedside simulate hospital",
        patients,
        hospital.codes(),
        &notes(hospital),
        &options,
        &mut |events| {
            written += events;
            counter.show(&format!("writing: {} events", grouped(written)));
        },
    )?;
    let truth = truth.into_inner().unwrap_or_default();
    data.file(TRUTH, &truth_bytes(&truth)?)?;
    data.commit()?;
    Ok(Done { subjects, events: Some(stored.events), truth })
}

fn records(
    hospital: &Hospital,
    form: Form,
    subjects: u64,
    threads: usize,
    out: &Path,
    counter: &Counter,
) -> Result<Done, Failure> {
    if std::fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::Intake(bedside_intake::IntakeError::Taken { path: out.display().to_string() }));
    }
    let mut staged = Staged::new(out)?;
    let mut files = Vec::new();
    for (name, head) in form.files().into_iter().zip(form.heads()) {
        let mut file = BufWriter::with_capacity(1 << 20, staged.file(name)?);
        file.write_all(head.as_bytes()).map_err(|source| staged.refused(source))?;
        files.push(file);
    }
    let mut truth = Truth::new();
    let at_once = BLOCK * threads as u64;
    for first in (1..=subjects).step_by(at_once as usize) {
        let last = (first + at_once - 1).min(subjects);
        let firsts: Vec<u64> = (first..=last).step_by(BLOCK as usize).collect();
        let blocks: Vec<(Vec<Vec<u8>>, Truth)> = firsts
            .into_par_iter()
            .map(|first| block(hospital, form, first, last.min(first + BLOCK - 1), files.len()))
            .collect();
        for (bytes, stays) in blocks {
            for (file, bytes) in files.iter_mut().zip(bytes) {
                file.write_all(&bytes).map_err(|source| staged.refused(source))?;
            }
            truth.extend(stays);
        }
        counter.show(&format!("writing: {} patients", grouped(last)));
    }
    for mut file in files {
        file.flush().map_err(|source| staged.refused(source))?;
    }
    for (name, text) in hospital.vocabulary(form) {
        whole(&mut staged, name, text.as_bytes())?;
    }
    whole(&mut staged, TRUTH, &truth_bytes(&truth)?)?;
    staged.commit()?;
    Ok(Done { subjects, events: None, truth })
}

/// What some patients add to each file, and the truth.
fn block(hospital: &Hospital, form: Form, first: u64, last: u64, files: usize) -> (Vec<Vec<u8>>, Truth) {
    let (mut bytes, mut truth) = (vec![Vec::new(); files], Truth::new());
    for number in first..=last {
        let patient = hospital.patient(number);
        hospital.write(form, &patient, &mut bytes);
        let subject = as_imported(form, &patient);
        truth.extend(patient.stays().map(|stay| (subject, stay)));
    }
    (bytes, truth)
}

/// The number that the import gives a patient.
fn as_imported(form: Form, patient: &Patient) -> SubjectNumber {
    match form {
        Form::Omop => patient.subject(),
        Form::Fhir => numbered(&patient.subject().expose().to_string()),
    }
}

fn whole(staged: &mut Staged, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = staged.file(name)?;
    Ok(file.write_all(bytes).map_err(|source| staged.refused(source))?)
}
