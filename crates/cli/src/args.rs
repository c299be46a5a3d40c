//! What may be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// From a table to a validated clinical prediction model, and that very model put to use.
#[derive(Debug, Parser)]
#[command(name = "bedside", version, max_term_width = 100, after_help = AFTER, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Options that every command takes
    #[command(flatten)]
    pub(crate) global: Global,
}

const AFTER: &str = "\
Examples:
  bedside demo                                 see the whole path on real (or simulated) data
  bedside check studies/my.toml                everything that can be verified before fitting
  bedside run studies/my.toml --out run        the whole study: run/report.html, run/model.bedside
  bedside predict run/model.bedside new.csv    risks for new patients
  bedside cohort task.yaml events              who counts, from when, with which label
  bedside features recipe.toml events labels   what is known of them by then
  echo '{\"age\": 63}' | bedside predict run/model.bedside - --explain

Exit status: 0 done; 1 a gate failed, or the run could not finish; 2 the input is wrong.";

/// Options that every command takes.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Print the result as JSON on standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Say more of what is being done (repeat for more)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Colours: on a terminal, always, or never
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, hide_default_value = true)]
    pub(crate) color: Colour,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the main study on real data if a copy is found, else on a simulated hospital
    #[command(after_help = "Example:\n  bedside demo --out my-demo")]
    Demo(Demo),
    /// Run a whole study: fit, judge on held-out rows, report, seal
    #[command(
        after_help = "Examples:\n  bedside run study.toml --out run\n  bedside run study.toml --threads 1 --json"
    )]
    Run(Run),
    /// Verify everything that can be verified before fitting
    #[command(after_help = "Example:\n  bedside check study.toml")]
    Check(Check),
    /// Write the report page of a finished run again from its report.json
    #[command(after_help = "Example:\n  bedside report run")]
    Report(Report),
    /// Score new rows with a sealed model
    #[command(after_help = "Examples:\n  bedside predict run/model.bedside new.csv --out risks.csv\n  \
        bedside predict run/model.bedside new.parquet --explain\n  \
        bedside predict run/model.bedside events.parquet --at labels.parquet --out risks.parquet\n  \
        echo '{\"age\": \"[60-70)\", \"number_inpatient\": 2}' | bedside predict run/model.bedside -")]
    Predict(Predict),
    /// Turn raw records into a data set of events
    #[command(
        after_help = "Examples:\n  bedside import omop gibleed events\n  bedside import meds raw.parquet events\n  \
        bedside import fhir export events\n  \
        bedside import long icu events --mapping icu.toml --memory 4GB\n\n\
        Mapping, for example:\n  [[table]]\n  file = \"labs.csv\"\n  subject = \"patient_id\"\n  time = \"drawn_at\"\n  \
        code = \"test\"\n  unit = \"unit\"\n  value = \"result\"\n\n\
        The data set has the MEDS format, version 0.4. What cannot be read is counted, and listed in rejects.parquet."
    )]
    Import(Import),
    /// Find who counts, from when, with which label, in a data set of events
    #[command(after_help = "Examples:\n  bedside cohort mortality.yaml mimic --out labels.parquet\n  \
        bedside cohort task.yaml events.parquet --predicates mimic.yaml --out labels.csv\n  \
        bedside cohort task.yaml events.parquet --json\n\n\
        The task file has the format of ACES 0.7; the data are MEDS, one Parquet file or a folder of them.")]
    Cohort(Cohort),
    /// Make a sparse matrix of features from a data set of events
    #[command(
        after_help = "Examples:\n  bedside features recipe.toml mimic labels.parquet --out features\n  \
        bedside features recipe.toml events.parquet --every-instant --out features --memory 4GB\n\n\
        Recipe, for example:\n  [rare]\n  least-subjects = 10\n  [[feature]]\n  codes = \"^LAB//\"\n  \
        windows = [\"24h\", \"7d\", \"full\"]\n  aggregations = [\"value/last\", \"value/slope\"]\n\n\
        Python reads the matrix with scipy.sparse.load_npz(\"features/matrix.npz\")."
    )]
    Features(Features),
    /// Show what a sealed model is: card, inputs, coefficients or trees, hashes, seeds
    #[command(
        after_help = "Examples:\n  bedside inspect run/model.bedside\n  bedside inspect run/model.bedside --card"
    )]
    Inspect(Inspect),
    /// Known public data sets: list, get, verify
    #[command(
        after_help = "Examples:\n  bedside data list\n  bedside data get diabetes130\n  bedside data verify diabetes130"
    )]
    Data(Data),
    /// Write a simulated table, or a hospital of events, with a known truth
    #[command(
        after_help = "Examples:\n  bedside simulate readmission --rows 100000 --seed 1 --out simulated.csv\n  \
        bedside simulate hospital --subjects 1000 --seed 7 --as omop --out omop\n  \
        bedside simulate hospital --events 80e6 --out events\n\n\
        Beside the records of a hospital lies truth.csv: every inpatient stay, the true risk to die in it, and whether that came. It \
        can be given to `bedside features` as labels."
    )]
    Simulate(Simulate),
    /// Print the JSON Schema of a file that people write
    #[command(after_help = "Example:\n  bedside schema study > study.schema.json")]
    Schema(Schema),
    /// Print a shell completion script
    #[command(
        after_help = "Example:\n  bedside completions bash > ~/.local/share/bash-completion/completions/bedside"
    )]
    Completions(Completions),
    /// Write the manual pages
    #[command(after_help = "Example:\n  bedside man --out man1")]
    Man(Man),
}

/// How much of the machine a run may take.
#[derive(Debug, Args)]
pub(crate) struct Machine {
    /// Threads to use [default: all cores]. The result does not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,
}

/// `demo`
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where the results go
    #[arg(long, default_value = "bedside-demo", value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Use the simulated hospital even if real data are found
    #[arg(long)]
    pub(crate) simulated: bool,
    /// How much of the machine
    #[command(flatten)]
    pub(crate) machine: Machine,
}

/// `run`
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The study file
    #[arg(value_name = "STUDY.toml")]
    pub(crate) study: PathBuf,
    /// Where the results go [default: the study file's name, beside it]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// How much of the machine
    #[command(flatten)]
    pub(crate) machine: Machine,
    /// Stop before fitting if the estimated need is above this, e.g. 8GB [default: what the machine has free]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub(crate) memory: Option<u64>,
}

/// `check`
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The study file
    #[arg(value_name = "STUDY.toml")]
    pub(crate) study: PathBuf,
}

/// `report`
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The folder of a finished run, or its report.json
    #[arg(value_name = "RUN")]
    pub(crate) run: PathBuf,
    /// Where the page goes [default: report.html in the folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// `predict`
#[derive(Debug, Args)]
pub(crate) struct Predict {
    /// The sealed model
    #[arg(value_name = "MODEL.bedside")]
    pub(crate) model: PathBuf,
    /// Rows to score: CSV or Parquet, or `-` for one JSON record (or a list of them) on standard input; with --at, events
    #[arg(value_name = "TABLE", default_value = "-")]
    pub(crate) table: PathBuf,
    /// For a model that reads events: whom to score and when (`subject_id`, `prediction_time`), Parquet or CSV
    #[arg(long, value_name = "LABELS")]
    pub(crate) at: Option<PathBuf>,
    /// Which model of the bundle [default: its champion]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Give the reasons: how much each predictor raised or lowered the score
    #[arg(long)]
    pub(crate) explain: bool,
    /// Where the scores go: CSV or Parquet [default: standard output, as CSV]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Copy this column of the table beside the score (repeat for more)
    #[arg(long, value_name = "COLUMN")]
    pub(crate) keep: Vec<String>,
}

/// `import`
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// What the records are
    #[arg(value_enum, value_name = "KIND")]
    pub(crate) kind: ImportKind,
    /// A folder, a file, or (for `omop`) a database: postgres://user@host/database?schema=cdm
    #[arg(value_name = "SOURCE")]
    pub(crate) source: PathBuf,
    /// The folder for the data set
    #[arg(value_name = "DESTINATION")]
    pub(crate) destination: PathBuf,
    /// What the tables mean (for `long`)
    #[arg(long, value_name = "FILE.toml", required_if_eq("kind", "long"))]
    pub(crate) mapping: Option<PathBuf>,
    /// Which codes are to be in which unit; nothing is converted unless it says so
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) units: Option<PathBuf>,
    /// Of OMOP: codes are source concepts (ICD, NDC, …) where there are any, as indices of comorbidity need them, instead of standard ones
    #[arg(long)]
    pub(crate) source_codes: bool,
    /// Of FHIR: the systems whose code an event has, where it has codings of several [default: ICD before SNOMED]
    #[arg(long, value_name = "SYSTEM", value_delimiter = ',')]
    pub(crate) codings: Vec<String>,
    /// What becomes of events at times that stand for none: 9999-12-31 for an open end, 1900-01-01 for an unknown day
    #[arg(long, value_enum, value_name = "WHAT", default_value = "open")]
    pub(crate) odd_times: OddTimes,
    /// The name of the data set [default: that of the destination]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The share of rows that may be left out because they cannot be read: above it the import stops
    #[arg(long, value_name = "SHARE", default_value = "1%", value_parser = parse_share)]
    pub(crate) rejected: f64,
    /// The seed by which subjects are divided into train, tuning and held_out (8 : 1 : 1)
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// A data set that is there already gives way to the new one, once that is whole
    #[arg(long)]
    pub(crate) replace: bool,
    /// Memory to keep within; what does not fit waits on the disk, beside the destination
    #[arg(long, value_name = "SIZE", default_value = "1GB", value_parser = parse_size)]
    pub(crate) memory: u64,
    /// How much of the machine
    #[command(flatten)]
    pub(crate) machine: Machine,
}

/// What becomes of events at times that stand for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OddTimes {
    /// Ends far in the future (2250 and later) have not come: they are no events; what is long ago is kept
    Open,
    /// All are kept
    Keep,
    /// All are left out
    Drop,
}

/// The kinds of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportKind {
    /// Tables of any form, as a mapping says
    Long,
    /// MEDS or near it: unsorted, other names of columns, other units of time
    Meds,
    /// OMOP tables (CDM 5.3 or 5.4): a folder of CSV, plain or gzip, or Parquet; or a PostgreSQL database
    Omop,
    /// FHIR R4: bundles (.json) and bulk-export NDJSON, plain or gzip
    Fhir,
}

/// A share: `1%` or `0.01`.
fn parse_share(text: &str) -> Result<f64, String> {
    let (number, of) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 100.0));
    let share = number.trim().parse::<f64>().ok().map(|number| number / of);
    share
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "expected a share, such as 1% or 0.01".to_owned())
}

/// `cohort`
#[derive(Debug, Args)]
pub(crate) struct Cohort {
    /// The task file
    #[arg(value_name = "TASK.yaml")]
    pub(crate) task: PathBuf,
    /// The events: a Parquet file, or the folder of a data set
    #[arg(value_name = "DATA")]
    pub(crate) data: PathBuf,
    /// A file of predicates and patient demographics, laid over those of the task
    #[arg(long, value_name = "FILE.yaml")]
    pub(crate) predicates: Option<PathBuf>,
    /// Where the labels go: Parquet or CSV [default: only the counts of every step are shown]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// How much of the machine
    #[command(flatten)]
    pub(crate) machine: Machine,
}

/// `features`
#[derive(Debug, Args)]
pub(crate) struct Features {
    /// The recipe: which codes, windows and aggregations
    #[arg(value_name = "RECIPE.toml")]
    pub(crate) recipe: PathBuf,
    /// The events: a Parquet file, or the folder of a data set
    #[arg(value_name = "DATA")]
    pub(crate) data: PathBuf,
    /// Whose features, and when: Parquet or CSV with `subject_id` and `prediction_time`, as `bedside cohort` writes it
    #[arg(value_name = "LABELS", required_unless_present = "every_instant")]
    pub(crate) labels: Option<PathBuf>,
    /// A row at every instant at which a subject has an event, instead of at the index times of labels
    #[arg(long, conflicts_with = "labels")]
    pub(crate) every_instant: bool,
    /// The folder for matrix, rows and columns
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// The formats of the matrix
    #[arg(long, value_enum, default_value_t = MatrixFormat::Both)]
    pub(crate) matrix: MatrixFormat,
    /// Which subjects are for training (`subject_id`, `split`): rare codes are judged on them
    /// [default: metadata/subject_splits.parquet of the data set]
    #[arg(long, value_name = "FILE")]
    pub(crate) splits: Option<PathBuf>,
    /// The name of the training split
    #[arg(long, value_name = "NAME", default_value = "train")]
    pub(crate) train: String,
    /// Memory to keep within; with less the events are read more often
    #[arg(long, value_name = "SIZE", default_value = "1GB", value_parser = parse_size)]
    pub(crate) memory: u64,
    /// How much of the machine
    #[command(flatten)]
    pub(crate) machine: Machine,
}

/// The formats of a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MatrixFormat {
    /// SciPy's, in compressed sparse columns.
    Npz,
    /// A table of column, row and value.
    Parquet,
    /// Both.
    Both,
}

/// `inspect`
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The sealed model
    #[arg(value_name = "MODEL.bedside")]
    pub(crate) model: PathBuf,
    /// Only the model card, as Markdown
    #[arg(long)]
    pub(crate) card: bool,
    /// Only the study file that made it
    #[arg(long, conflicts_with = "card")]
    pub(crate) study: bool,
}

/// `data`
#[derive(Debug, Args)]
pub(crate) struct Data {
    /// What to do
    #[command(subcommand)]
    pub(crate) action: DataAction,
}

/// What to do with the known data sets.
#[derive(Debug, Subcommand)]
pub(crate) enum DataAction {
    /// Show the known data sets, and which are found here
    List,
    /// Download a data set from its original address and verify it
    Get {
        /// The data set
        name: String,
        /// The folder to put it in
        #[arg(long, default_value = "data", value_name = "DIR")]
        into: PathBuf,
    },
    /// Compare the files found here with the hashes on record
    Verify {
        /// The data set [default: all that are found]
        name: Option<String>,
    },
}

/// `simulate`
#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// What to simulate
    #[arg(value_enum)]
    pub(crate) kind: SimulationKind,
    /// Rows of a table [default: 10000]
    #[arg(long)]
    pub(crate) rows: Option<usize>,
    /// Patients of a hospital [default: 1000]
    #[arg(long, conflicts_with = "rows", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub(crate) subjects: Option<u64>,
    /// As many patients as have so many events together, e.g. 80e6
    #[arg(long, value_name = "COUNT", conflicts_with_all = ["rows", "subjects"], value_parser = parse_count)]
    pub(crate) events: Option<u64>,
    /// The form of a hospital's records
    #[arg(long = "as", value_enum, value_name = "FORM", default_value_t = RecordForm::Meds)]
    pub(crate) form: RecordForm,
    /// Seed
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Where a table goes: CSV or Parquet [default: standard output, as CSV]; the folder for the records of a hospital
    #[arg(long, value_name = "PATH", required_if_eq("kind", "hospital"))]
    pub(crate) out: Option<PathBuf>,
    /// Add the true risk to a table as a column (never let a model read it)
    #[arg(long)]
    pub(crate) with_truth: bool,
    /// How much of the machine, for a hospital
    #[command(flatten)]
    pub(crate) machine: Machine,
}

/// The forms of a hospital's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RecordForm {
    /// A data set of events, ready for `cohort` and `features`
    Meds,
    /// Tables of OMOP CDM 5.4, as CSV, for `import omop`
    Omop,
    /// A bulk export of FHIR R4, as NDJSON, for `import fhir`
    Fhir,
}

/// The kinds of simulations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SimulationKind {
    /// Encounters of people with diabetes, in the shape of the diabetes130 data
    Readmission,
    /// A general table: numbers, categories, sites, missing cells
    Table,
    /// Patients with all their events, of any number
    Hospital,
}

/// `schema`
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Which file
    #[arg(value_enum)]
    pub(crate) kind: SchemaKind,
}

/// Files that people write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaKind {
    /// The study file
    Study,
    /// The recipe of features
    Recipe,
}

/// `completions`
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

/// `man`
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The folder for the pages
    #[arg(long, default_value = "man1", value_name = "DIR")]
    pub(crate) out: PathBuf,
}

/// A count: `80e6` or `80000000`.
fn parse_count(text: &str) -> Result<u64, String> {
    let count = text.parse::<f64>().ok().filter(|count| (1.0..=1e15).contains(count) && count.fract() == 0.0);
    count.map(|count| count as u64).ok_or_else(|| format!("expected a count such as 80e6, found `{text}`"))
}

/// `8GB`, `512MiB`, `1500000`: bytes.
fn parse_size(text: &str) -> Result<u64, String> {
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "kb" | "k" => 1e3,
        "mb" | "m" => 1e6,
        "gb" | "g" => 1e9,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        other => return Err(format!("`{other}` is no unit of size; use KB, MB, GB, KiB, MiB or GiB")),
    };
    match number.parse::<f64>() {
        Ok(n) if n > 0.0 && n.is_finite() => Ok((n * factor) as u64),
        _ => Err(format!("expected a size such as 8GB, found `{text}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_commands_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn counts_read_as_people_write_them() {
        assert_eq!((parse_count("80e6"), parse_count("17")), (Ok(80_000_000), Ok(17)));
        for wrong in ["0", "-3", "1.5", "many", "inf", "NaN"] {
            assert!(parse_count(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_read_as_people_write_them() {
        assert_eq!(parse_size("8GB"), Ok(8_000_000_000));
        assert_eq!(parse_size("1.5 GiB"), Ok(1_610_612_736));
        assert!(parse_size("8 parsecs").is_err());
        assert!(parse_size("-1GB").is_err());
    }
}
