//! A study and its data, from wherever the study file says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bedside_intake::import::{self as raw, ImportOptions, Imported, Mapping, UnitRules};
use bedside_intake::meds::{EventFiles, code_names};
use bedside_intake::{Format, Frame, Header, ReadOptions, datasets, read_all, read_bytes, table_bytes};
use bedside_study::events::{Events, Source as Records};
use bedside_study::progress::Progress;
use bedside_study::report::data::Finding;
use bedside_study::run::Inputs;
use bedside_study::spec::{
    FileFormat, Header as HeaderForm, Import, OUTCOME, OddTimes, RecordKind, Simulation, Source, StudyFile,
    Value,
};

use super::grouped::grouped;
use super::{cohort, import, simulate};
use crate::args::SimulationKind;
use crate::failure::Failure;
use crate::terminal::tell;

/// Reads a study file and its data, within so many bytes if a limit is given.
pub(crate) fn study(path: &Path, memory: Option<u64>, progress: &dyn Progress) -> Result<Inputs, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::Input(format!("cannot read the study file `{}`: {e}", path.display())))?;
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    parsed(text, &path.display().to_string(), &folder, memory, progress)
}

/// Parses a study file's text and reads its data.
pub(crate) fn parsed(
    text: String,
    name: &str,
    folder: &Path,
    memory: Option<u64>,
    progress: &dyn Progress,
) -> Result<Inputs, Failure> {
    let mut study = StudyFile::parse(&text, name).map_err(bedside_study::StudyError::from)?;
    progress.stage("reading the data", 0);
    let (mut events, mut rejects) = (None, Vec::new());
    let (frame, data, simulated) = match study.data.source() {
        Source::Files(files) => {
            if files.is_empty() {
                return Err(Failure::Input(format!(
                    "{name}: `[data]` names no data; give `path`, `dataset` or `simulate`"
                )));
            }
            let paths: Vec<PathBuf> = files.iter().map(|file| folder.join(&file.path)).collect();
            let words = files.iter().map(|f| f.path.clone()).collect::<Vec<_>>().join(", ");
            (read(&paths, &files, &study, None)?, words, false)
        }
        Source::Dataset { name, files } => {
            let found = datasets::find(name, &datasets::search_folders())?;
            if files.is_empty() && found.tables().is_empty() {
                let hint =
                    "say where in its folder they are: `events = \".\"`, with what they are in `import`";
                return Err(Failure::Input(format!("{name} holds records and no table; {hint}")));
            }
            let (paths, files) = if files.is_empty() {
                (found.tables().into_iter().take(1).collect(), Vec::new())
            } else {
                (files.iter().map(|file| found.folder.join(&file.path)).collect::<Vec<_>>(), files)
            };
            let words = format!("{} ({})", found.dataset.title, found.dataset.licence);
            (read(&paths, &files, &study, Some(&found))?, words, false)
        }
        Source::Simulated(simulation) => {
            let (frame, words) = simulated(simulation, &study)?;
            (frame, words, true)
        }
        Source::Events(sets) => {
            let known = study.data.dataset.as_ref();
            let known = known.map(|name| datasets::find(name, &datasets::search_folders())).transpose()?;
            let within = known.as_ref().map_or(folder, |found| &found.folder);
            let (found, frame, read) = labelled(&study, &sets, within, folder, memory)?;
            let paths = sets.iter().map(|(_, path)| *path).filter(|path| *path != ".");
            let paths: Vec<String> = paths.map(|path| raw::shown(path.as_ref())).collect();
            let named = known.map(|found| format!("{} ({})", found.dataset.title, found.dataset.licence));
            let paths = Some(paths.join(", ")).filter(|paths| !paths.is_empty());
            let mut words =
                named.into_iter().chain(paths).chain([found.words.clone()]).collect::<Vec<_>>().join(": ");
            if read.left_out > 0 {
                words.push_str(&format!("; {} rows could not be used", grouped(read.left_out)));
            }
            rejects = read.rejects;
            // Labels of a task have one outcome, whatever its kind.
            if let Some(column) = found.label_column.filter(|_| study.outcome.column == OUTCOME) {
                column.clone_into(&mut study.outcome.column);
            }
            events = Some(found);
            (frame, words, false)
        }
    };
    let memory = memory.or_else(free_memory);
    Ok(Inputs { study, text, frame, events, data, simulated, memory, rejects })
}

/// What there is to say of raw records that were read.
#[derive(Default)]
struct RecordsRead {
    /// Rows that could not be used.
    left_out: u64,
    findings: Vec<Finding>,
    /// The lists of what could not be read, by the name of the file to be.
    rejects: Vec<(String, Vec<u8>)>,
}

impl RecordsRead {
    /// Adds those of a data set; it has no name where it is the only one.
    fn add(&mut self, name: &str, files: &EventFiles, done: &Imported) -> Result<(), Failure> {
        let of = if name.is_empty() { String::new() } else { format!("`{name}`: ") };
        let file =
            if name.is_empty() { "rejects.parquet".to_owned() } else { format!("rejects-{name}.parquet") };
        let note = |note: &String| Finding {
            level: "note".to_owned(),
            text: format!("{of}{note}."),
            hint: "Told by the import of the records.".to_owned(),
        };
        self.findings.extend(done.notes.iter().map(note));
        let left_out: u64 = done.rejects.iter().map(|count| count.rows).sum();
        if left_out > 0 {
            let reasons: Vec<String> = done.rejects.iter().take(3).map(ToString::to_string).collect();
            let more = if done.rejects.len() > 3 { ", and for other reasons" } else { "" };
            self.findings.push(Finding {
                level: "note".to_owned(),
                text: format!(
                    "{of}{} rows of the records could not be used: {}{more}.",
                    grouped(left_out),
                    reasons.join("; ")
                ),
                hint: format!("Each is listed by file, line and reason in `{file}`, beside the report."),
            });
        }
        self.left_out += left_out;
        if let Some(path) = files.rejects() {
            let bytes = std::fs::read(&path).map_err(|source| Failure::Machine {
                what: "cannot read the list of what was left out".to_owned(),
                source,
            })?;
            self.rejects.push((file, bytes));
        }
        Ok(())
    }
}

/// The events of a study, which lie `within` a folder, and their labels; and what there is to say of raw records.
fn labelled(
    study: &StudyFile,
    sets: &[(&str, &str)],
    within: &Path,
    folder: &Path,
    memory: Option<u64>,
) -> Result<(Events, Frame, RecordsRead), Failure> {
    let asked = study.task.as_ref();
    let task = match asked.and_then(|task| Some((task.file.as_ref()?, &task.predicates))) {
        None => None,
        Some((file, over)) => {
            let over = over.as_ref().map(|path| folder.join(path));
            Some(cohort::task(&folder.join(file), over.as_deref())?)
        }
    };
    let (mut sources, mut read) = (Vec::new(), RecordsRead::default());
    for (name, path) in sets {
        let database = raw::is_database(path.as_ref());
        if database && study.data.import.as_ref().is_none_or(|import| import.kind != RecordKind::Omop) {
            return Err(Failure::Input(
                "`events` is a database, which is read as OMOP: say `import = { kind = \"omop\" }`"
                    .to_owned(),
            ));
        }
        let path = if database { PathBuf::from(path) } else { within.join(path) };
        let files = match &study.data.import {
            None => EventFiles::open(&path)?,
            Some(import) => {
                let (files, done) = brought_in(import, &path, folder, memory)?;
                read.add(name, &files, &done)?;
                files
            }
        };
        let labels = match asked.and_then(|task| task.labels.as_ref()) {
            Some(labels) => Some(folder.join(labels)),
            None if task.is_none() => files.labels().map(Path::to_owned),
            None => None,
        };
        let labels = labels.map(|labels| {
            let refused = |e| Failure::Input(format!("cannot read the labels `{}`: {e}", labels.display()));
            std::fs::read(&labels).map_err(refused)
        });
        sources.push(Records { name: (*name).to_owned(), files, labels: labels.transpose()? });
    }
    let column = study.data.file_column.as_deref();
    let (mut events, frame) = Events::labelled(sources, task.as_ref(), column, cohort::available())?;
    events.heard(std::mem::take(&mut read.findings));
    if let Some(names) = &study.data.code_names {
        events.called(code_names(folder.join(names))?);
    }
    Ok((events, frame, read))
}

/// The events of raw records. Of a limit on memory the import takes half, and no more than it takes without one.
fn brought_in(
    import: &Import,
    data: &Path,
    folder: &Path,
    memory: Option<u64>,
) -> Result<(EventFiles, Imported), Failure> {
    let text = |path: &String| import::text_of(&folder.join(path));
    let source = match import.kind {
        RecordKind::Fhir => raw::Source::Fhir(data.to_owned()),
        RecordKind::Meds => raw::Source::Meds(data.to_owned()),
        RecordKind::Omop => raw::Source::Omop(data.to_owned()),
        RecordKind::Long => {
            // The study file's reader makes sure that there is one.
            let mapping = import.mapping.as_ref().map(text).transpose()?.unwrap_or_default();
            raw::Source::Long(data.to_owned(), Mapping::parse(&mapping)?)
        }
    };
    let units = import.units.as_ref().map(|path| Ok::<_, Failure>(UnitRules::parse(&text(path)?)?));
    let usual = ImportOptions::default();
    let options = ImportOptions {
        memory: memory.map_or(usual.memory, |limit| usual.memory.min(limit / 2)),
        threads: cohort::available(),
        rejected: import.rejected,
        units: units.transpose()?.unwrap_or_default(),
        source_codes: import.source_codes,
        odd_times: match import.odd_times {
            OddTimes::Open => raw::OddTimes::Open,
            OddTimes::Keep => raw::OddTimes::Keep,
            OddTimes::Drop => raw::OddTimes::Drop,
        },
        ..usual
    };
    let (files, done) = EventFiles::imported(&source, &options, &mut |_| {})?;
    for note in &done.notes {
        tell(&format!("note: {note}"));
    }
    for count in &done.rejects {
        tell(&format!("left out: {count}"));
    }
    Ok((files, done))
}

fn read(
    paths: &[PathBuf],
    files: &[bedside_study::spec::InputFile],
    study: &StudyFile,
    found: Option<&datasets::Found>,
) -> Result<Frame, Failure> {
    let mut options = options(study, found.map(datasets::Found::options));
    if options.file_column.is_some() {
        options.file_labels = files.iter().map(|file| file.label.clone()).collect();
    }
    Ok(read_all(paths, &options)?)
}

/// The study file's way of writing tables, as reading options. Patient and row id are identifiers: never quoted.
fn options(study: &StudyFile, own: Option<ReadOptions>) -> ReadOptions {
    let data = &study.data;
    let default = own.unwrap_or_default();
    let texts = |values: &[Value]| values.iter().map(Value::text).collect::<Vec<_>>();
    let by_column: BTreeMap<String, Vec<String>> = data
        .missing_by_column
        .iter()
        .map(|(column, values)| (column.clone(), texts(values.as_slice())))
        .collect();
    let columns = &study.columns;
    ReadOptions {
        format: data.format.map(|format| match format {
            FileFormat::Csv => Format::Csv,
            FileFormat::Parquet => Format::Parquet,
            FileFormat::Arff => Format::Arff,
        }),
        delimiter: data.delimiter.and_then(|c| u8::try_from(c).ok()),
        encoding: data.encoding.clone(),
        header: match &data.header {
            HeaderForm::Present(true) => default.header,
            HeaderForm::Present(false) => Header::Numbered,
            HeaderForm::Names(names) => Header::Names(names.clone()),
        },
        missing: data.missing.clone(),
        decimal: data.decimal.mark(),
        missing_by_column: by_column,
        identifiers: columns.patient.iter().chain(&columns.row_id).cloned().collect(),
        file_column: data.file_column.clone(),
        ..default
    }
}

fn simulated(simulation: &Simulation, study: &StudyFile) -> Result<(Frame, String), Failure> {
    let kind = match simulation.kind.as_str() {
        "readmission" => SimulationKind::Readmission,
        "table" => SimulationKind::Table,
        other => {
            return Err(Failure::Input(format!(
                "`data.simulate.kind` = `{other}`; known are readmission, table"
            )));
        }
    };
    let hospital = simulate::make(kind, simulation.rows as usize, simulation.seed)?;
    let texts = simulate::texts(&hospital);
    let bytes = table_bytes(Format::Csv, b',', &simulate::columns(&hospital, &texts))?;
    let options = ReadOptions { delimiter: Some(b','), ..options(study, None) };
    let frame = read_bytes("simulated.csv", &bytes, &options)?;
    Ok((
        frame,
        format!(
            "simulated: {} rows of kind `{}`, seed {}",
            simulation.rows, simulation.kind, simulation.seed
        ),
    ))
}

/// The bytes of memory that are free, where the system tells.
fn free_memory() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.saturating_mul(1024))
}
