//! A study that begins at events: labels become its table, features its predictors.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bedside_chart::{Codes, Instant, Label, Precision, SubjectNumber};
use bedside_cohort::features::{Plan, Uses};
use bedside_cohort::{Flow, Task};
use bedside_intake::meds::{EventFiles, LabelTable, labels_csv};
use bedside_intake::{Frame, ReadOptions, read_all_bytes};
use bedside_table::{Column, Rows, Table, Train};

use crate::StudyError;
use crate::cohort::Cohort;
use crate::filling::Filling;
use crate::label::label;
use crate::memory;
use crate::recipe::{Ingredient, Recipe as CellRecipe};
use crate::report::data::{Finding, FlowStep};
use crate::report::number;
use crate::run::Inputs;
use crate::sown::Sown;
use crate::spec::{SUBJECT, StudyFile};
use crate::split::Division;
use crate::tabulate::count_codes;
use crate::vocabulary::recipe_with_words;

/// A data set of events that a study reads.
#[derive(Debug)]
pub struct Source {
    /// What the study calls it.
    pub name: String,
    /// Its files.
    pub files: EventFiles,
    /// The table of its labels, CSV or Parquet, when no task makes them.
    pub labels: Option<Vec<u8>>,
}

/// The events of a study.
#[derive(Debug)]
pub struct Events {
    sources: Vec<Source>,
    codes: Codes,
    threads: usize,
    /// Source, subject and index time of each row of the table.
    rows: Vec<(usize, SubjectNumber, Instant)>,
    /// What of the task a reader must know.
    findings: Vec<Finding>,
    /// What codes mean, by the study's own table.
    code_names: HashMap<String, String>,
    /// What the task calls its outcome.
    pub outcome: Option<String>,
    /// The column of labels that holds it, if a task made them.
    pub label_column: Option<&'static str>,
    /// Who left before the table.
    pub flow: Vec<FlowStep>,
    /// SHA-256 of each file, by name.
    pub hashes: Vec<(String, String)>,
    /// How much there is, in words.
    pub words: String,
}

impl Events {
    /// Labels the data sets by a task, or reads the labels that they have: the events, and the labels as the study's table,
    /// those of one source after those of the other. `source_column` becomes the name of a column that says which
    /// source a row is from.
    ///
    /// # Errors
    /// Those of [`EventFiles::walk`] and [`LabelTable::of`]; [`StudyError::Data`] when the task names no index time, has no
    /// outcome that a study can learn or leaves nobody, or when a source has no labels.
    pub fn labelled(
        mut sources: Vec<Source>,
        task: Option<&Task>,
        source_column: Option<&str>,
        threads: usize,
    ) -> Result<(Self, Frame), StudyError> {
        if task.is_some_and(|task| task.label_column().is_none()) {
            return Err(task_refused(
                "a study learns whether something happens, or a number. This task asks for no outcome, or for the time until an event, \
                 and a time that was cut off is not the time until it. Give a window of fixed length a `label`; `bedside cohort` makes \
                 labels of every kind",
            ));
        }
        let precision = common_precision(&sources);
        sources.iter_mut().for_each(|source| source.files.keep_in(precision));
        let codes = Codes::default();
        let (mut tables, mut flow, mut subjects) = (Vec::new(), None::<Flow>, 0);
        for source in &sources {
            let Some(task) = task else {
                tables.push(given(source)?);
                continue;
            };
            let labelled = label(&source.files, &codes, task, threads)?;
            subjects += labelled.amount.subjects;
            match &mut flow {
                None => flow = Some(labelled.flow),
                Some(flow) => flow.merge(&labelled.flow),
            }
            tables.push(made(source, &labelled.labels)?);
        }
        // A source of whose subjects the task leaves nobody has no table.
        tables.retain(|(_, bytes)| bytes.iter().filter(|byte| **byte == b'\n').count() > 1 || task.is_none());
        if tables.is_empty() {
            return Err(task_refused("no row is left; `bedside cohort` shows at which step they leave"));
        }
        let places: HashMap<String, usize> =
            sources.iter().enumerate().map(|(place, source)| (table_name(source), place)).collect();
        let named =
            |(name, _): &(String, Vec<u8>)| places.get(name).map(|&place| sources[place].name.clone());
        let options = ReadOptions {
            identifiers: vec![SUBJECT.to_owned()],
            file_column: source_column.map(str::to_owned),
            file_labels: tables.iter().filter_map(named).collect(),
            ..ReadOptions::default()
        };
        let table = LabelTable::of(read_all_bytes(tables, &options)?)?;
        // Labels that a task makes are on the clock of the events.
        let doubt =
            sources.iter().find_map(|source| table.doubt_of_clock(&source.files)).filter(|_| task.is_none());
        let (whose, frame) = (table.rows().to_vec(), table.into_frame());
        let source_of = |row: usize| places.get(&frame.place(row).file).copied().unwrap_or(0);
        let rows: Vec<_> =
            whose.iter().enumerate().map(|(row, &(subject, time))| (source_of(row), subject, time)).collect();
        let events = number::count(sources.iter().map(|source| source.files.events()).sum::<u64>() as usize);
        let words = match &flow {
            Some(_) => format!("{events} events of {} subjects", number::count(subjects as usize)),
            None => {
                let subjects: HashSet<_> =
                    rows.iter().map(|&(source, subject, _)| (source, subject)).collect();
                let [labels, subjects] = [rows.len(), subjects.len()].map(number::count);
                format!("{events} events, {labels} labels of {subjects} subjects")
            }
        };
        let mut hashes = Vec::new();
        for source in &sources {
            let several = sources.len() > 1;
            let shown = |name: String| if several { format!("{}/{name}", source.name) } else { name };
            hashes.extend(source.files.sha256()?.into_iter().map(|(name, hash)| (shown(name), hash)));
        }
        let mut findings = task.map(|task| doubts(task, &codes, flow.as_ref())).unwrap_or_default();
        findings.extend(doubt.map(|doubt| {
            let hint =
                "If the events are in local time, all index times are off by hours: write both on one clock.";
            warning(format!("Clocks: {doubt}."), hint)
        }));
        let flow = flow.map(|flow| steps(&flow)).unwrap_or_default();
        let (outcome, label_column) =
            (task.and_then(Task::label_in_words), task.and_then(Task::label_column));
        Ok((
            Self {
                sources,
                codes,
                threads,
                rows,
                findings,
                code_names: HashMap::new(),
                outcome,
                label_column,
                flow,
                hashes,
                words,
            },
            frame,
        ))
    }

    /// Adds what a reader must know of how the records were read.
    pub fn heard(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.findings.splice(0..0, findings);
    }

    /// Tells what codes mean, whatever their data set says: each by its own name, or by that of what stands before its last `//`.
    pub fn called(&mut self, names: HashMap<String, String>) {
        self.code_names = names;
    }

    /// The features of a cohort's rows as further predictors, what is needed to make them again, and what a reader must know of
    /// them. Which codes are too rare is judged on the training subjects alone, up to the last index time of each.
    ///
    /// # Errors
    /// Those of [`EventFiles::walk`]; [`StudyError::Features`] when no code is left; [`StudyError::Memory`] when the columns
    /// would take more than `memory`.
    pub fn features(
        &self,
        study: &StudyFile,
        cohort: &Cohort,
        train: &Rows<Train>,
        memory: Option<u64>,
    ) -> Result<(Vec<Column>, Sown, Vec<Finding>), StudyError> {
        let file = study.requests();
        let (recipe, mut words) = recipe_with_words(&file, self.sources.iter().map(|source| &source.files))?;
        let row = |row: &u32| self.rows[cohort.source[*row as usize] as usize];
        let mut uses = Uses::default();
        for (place, source) in self.sources.iter().enumerate() {
            let training = train.numbers().iter().map(row).filter(|of| of.0 == place);
            // What came after a subject's last index time is not known to anyone who is asked.
            let mut until: HashMap<SubjectNumber, Instant> = HashMap::new();
            for (_, subject, time) in training {
                until.entry(subject).and_modify(|last| *last = time.max(*last)).or_insert(time);
            }
            if !until.is_empty() {
                let (found, _) =
                    count_codes(&source.files, &self.codes, &recipe, Some(&until), self.threads)?;
                uses.add(found);
            }
        }
        words.extend(own_words(&self.code_names, uses.codes.keys()));
        let plan = Plan::new(&recipe, &uses)?.in_words(&words);
        memory::within(memory, cohort.source.len(), plan.columns() as usize)?;
        let mut filling = Filling::new(&plan, cohort.source.len());
        for (place, source) in self.sources.iter().enumerate() {
            let of_source = |of: &(u32, &u32)| self.rows[*of.1 as usize].0 == place;
            let (places, rows): (Vec<u32>, Vec<_>) = (0..)
                .zip(&cohort.source)
                .filter(of_source)
                .map(|(place, &row)| (place, (self.rows[row as usize].1, self.rows[row as usize].2)))
                .unzip();
            filling.fill(&source.files, &self.codes, &rows, Some(&places), self.threads)?;
        }
        let mut findings = self.findings.clone();
        findings.extend(recipe.without_codes(&uses).into_iter().map(|problem| {
            let hint = "It is 0 for everybody. OMOP's standard concepts are SNOMED and RxNorm: `source-codes = true` in `import` takes \
                        those of the source instead.";
            warning(format!("Among the training subjects {problem}."), hint)
        }));
        findings.extend(filling.findings());
        let mut columns = filling.columns()?;
        columns.retain(|column| !study.columns.drop.contains(&column.name));
        Ok((columns, Sown::of(file, &plan, common_precision(&self.sources)), findings))
    }
}

/// How exactly values are kept: in single precision unless every source keeps them in double.
fn common_precision(sources: &[Source]) -> Precision {
    let single = sources.iter().any(|source| source.files.precision() == Precision::Single);
    if single { Precision::Single } else { Precision::Double }
}

/// What some codes mean by a table of names.
fn own_words<'c>(
    names: &HashMap<String, String>,
    codes: impl Iterator<Item = &'c Arc<str>>,
) -> impl Iterator<Item = (String, String)> {
    codes.filter_map(|code| {
        let mut shorter = Some(&**code);
        while let Some(name) = shorter {
            if let Some(words) = names.get(name) {
                return Some((code.to_string(), words.clone()));
            }
            shorter = name.rsplit_once("//").map(|(before, _)| before);
        }
        None
    })
}

fn task_refused(problem: &str) -> StudyError {
    StudyError::Data { place: "[task]".to_owned(), problem: problem.to_owned() }
}

fn warning(text: String, hint: &str) -> Finding {
    Finding { level: "warning".to_owned(), text, hint: hint.to_owned() }
}

/// What a reader must know of a task on these data.
fn doubts(task: &Task, codes: &Codes, flow: Option<&Flow>) -> Vec<Finding> {
    let unmet = task.unmet(&codes.names()).into_iter().map(|unmet| {
        let hint = "If that should not be, the task was written for other codes: whom it should take in or leave out, it does not.";
        warning(format!("In the task, {unmet}."), hint)
    });
    let matched = task.is_matched().then(|| {
        let text = "Rows without the outcome were sampled to match those with it, so the share of the outcome is the \
                    sample's, and so is every risk: calibration and net benefit say nothing of patients as they come.";
        let hint = "Use it to rank or to study predictors; for risks, learn from all rows (take `match` out of the task).";
        warning(text.to_owned(), hint)
    });
    let of_flow = flow.into_iter().flat_map(Flow::doubts).map(|text| {
        let hint = "Look at the times of their records; what becomes of them is for the task to say.";
        warning(format!("In the task, {text}."), hint)
    });
    unmet.chain(matched).chain(of_flow).collect()
}

/// What the table of a source's labels is called.
fn table_name(source: &Source) -> String {
    if source.name.is_empty() { "labels".to_owned() } else { format!("labels of {}", source.name) }
}

/// The labels that a source has.
fn given(source: &Source) -> Result<(String, Vec<u8>), StudyError> {
    let Some(table) = &source.labels else {
        return Err(task_refused(&format!(
            "{}there are no labels: give a `[task]` with a `file` or `labels`, or a `[label]` in the mapping of the import",
            if source.name.is_empty() { String::new() } else { format!("`{}`: ", source.name) }
        )));
    };
    Ok((table_name(source), table.clone()))
}

/// The labels that a task made.
fn made(source: &Source, labels: &[Label]) -> Result<(String, Vec<u8>), StudyError> {
    if labels.iter().any(|label| label.prediction_time.is_none()) {
        return Err(task_refused(
            "the task names no index time; give one window `index_timestamp: start` or `end`",
        ));
    }
    Ok((table_name(source), labels_csv(labels)?))
}

/// Who left at which step.
fn steps(flow: &Flow) -> Vec<FlowStep> {
    let (mut before, mut steps) = (None, Vec::new());
    for step in flow.steps() {
        let Some(left) = step.left.rows else { continue };
        steps.push(FlowStep {
            label: step.what,
            removed: before.map_or(0, |before: u64| before.saturating_sub(left)) as usize,
            rows: left as usize,
            patients: Some(step.left.subjects as usize),
            events: None,
        });
        before = Some(left);
    }
    steps
}

/// Adds the features to a divided cohort, if the study begins at events; and what makes them again.
///
/// # Errors
/// As [`Events::features`], and `TableError::DuplicateColumn` when two are called alike.
pub fn add(
    inputs: &Inputs,
    mut cohort: Cohort,
    mut recipe: CellRecipe,
    division: &Division,
) -> Result<(Cohort, CellRecipe, Option<Sown>), StudyError> {
    let Some(events) = &inputs.events else { return Ok((cohort, recipe, None)) };
    let (columns, sown, findings) =
        events.features(&inputs.study, &cohort, division.parts.train(), inputs.memory)?;
    cohort.findings.extend(findings);
    recipe.predictors.extend(columns.iter().map(|column| Ingredient::number(&column.name)));
    cohort.table = Table::new(cohort.source.len(), columns)?;
    join(&events.flow, &mut cohort.flow);
    Ok((cohort, recipe, Some(sown)))
}

/// Puts the steps of a task before those of its table, which begins with the rows that the task leaves: one step, not two.
fn join(task: &[FlowStep], table: &mut Vec<FlowStep>) {
    let Some(labelled) = table.first_mut() else { return };
    match task.split_last() {
        Some((last, before)) if last.rows == labelled.rows => {
            *labelled = FlowStep { events: labelled.events, ..last.clone() };
            table.splice(0..0, before.iter().cloned());
        }
        _ => {
            "labelled rows".clone_into(&mut labelled.label);
            table.splice(0..0, task.iter().cloned());
        }
    }
}
