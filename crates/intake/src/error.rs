//! What can be wrong at the door.

use bedside_table::TableError;

use crate::Place;

/// What can be wrong with a file or a column of it. Never quotes a cell of an identifier column; a cell of any other is
/// quoted only where it says so.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IntakeError {
    /// There is no such file.
    #[error("no file `{path}`{}", near_names(.near))]
    NoFile {
        /// The path asked for.
        path: String,
        /// Names in the same folder that are close to it.
        near: Vec<String>,
    },
    /// The operating system refused.
    #[error("cannot {action} `{path}`: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// The disk is full. Nothing was left behind.
    #[error(
        "the disk is full: `{path}` was not written and nothing was left behind; free some space or write elsewhere"
    )]
    DiskFull {
        /// The file that was to be written.
        path: String,
    },
    /// The ending of an output's name says no known format.
    #[error("cannot tell the format of `{path}` from its name; end it in .csv, .tsv or .parquet")]
    OutputFormat {
        /// The path.
        path: String,
    },
    /// A place to write to names no folder.
    #[error("`{path}` names no folder to write a data set into")]
    NoFolderName {
        /// The path.
        path: String,
    },
    /// There is something where a data set is to be written.
    #[error("`{path}` is there already; name another place, or say `--replace`")]
    Taken {
        /// The path.
        path: String,
    },
    /// What is to be replaced is not a data set.
    #[error("`{path}` is not a data set (it has no metadata/dataset.json), so it is not replaced")]
    NotADataSet {
        /// The path.
        path: String,
    },
    /// Another import is writing there.
    #[error("another import is writing `{path}`; wait for it or name another place")]
    InUse {
        /// The path.
        path: String,
    },
    /// Subjects that are handed over to a new data set do not ascend.
    #[error(
        "`{path}`: the subjects of a data set must ascend, each once; the one after {before} others does not"
    )]
    SubjectsOutOfOrder {
        /// The data set.
        path: String,
        /// How many subjects came before.
        before: u64,
    },
    /// A compressed file is damaged.
    #[error("`{name}` cannot be taken out of gzip: {reason}; get it again")]
    Gzip {
        /// The file.
        name: String,
        /// What the decompressor says.
        reason: String,
    },
    /// Too much could not be read.
    #[error("{rejected} of {rows} rows cannot be read, more than the limit of {limit} %: {}", first_few(.reasons))]
    TooManyRejects {
        /// Rows that cannot be read.
        rejected: u64,
        /// Rows read so far.
        rows: u64,
        /// The limit in per cent.
        limit: f64,
        /// The reasons, the most frequent first.
        reasons: Vec<crate::import::RejectCount>,
    },
    /// There is nothing to import.
    #[error("no {expected} in `{path}`")]
    NothingToImport {
        /// What was looked for.
        expected: &'static str,
        /// Where.
        path: String,
    },
    /// The address of a database that cannot be one.
    #[error("the address of the database: {reason}")]
    DatabaseAddress {
        /// What is wrong and what to do; never the address itself, which may hold a password.
        reason: String,
    },
    /// A database did not give what it was asked for.
    #[error("cannot {action} {place}: {reason}")]
    Database {
        /// What was tried.
        action: String,
        /// Where it is.
        place: String,
        /// Why not and what to do; never what the server wrote, which may quote values.
        reason: String,
        /// Whether the server or the network gave up, rather than the question being wrong.
        gone: bool,
    },
    /// A column that an import needs is not there.
    #[error(
        "`{name}` has no column `{column}`{}; it has `{}`",
        nearest.as_ref().map_or_else(String::new, |n| format!("; did you mean `{n}`?")),
        found.join("`, `")
    )]
    NoSourceColumn {
        /// The file.
        name: String,
        /// The column.
        column: String,
        /// The nearest name there is.
        nearest: Option<String>,
        /// The columns that are there.
        found: Vec<String>,
    },
    /// A mapping of a long table cannot be used.
    #[error("{place}: {reason}")]
    Mapping {
        /// Which table of it.
        place: String,
        /// What is wrong and what to do.
        reason: String,
    },
    /// Values of a code cannot be brought to the unit that was asked for.
    #[error("`{code}` has values in `{unit}`, which cannot be brought to `{to}`: {reason}; {advice}")]
    NoConversion {
        /// The code.
        code: String,
        /// The unit that it has.
        unit: String,
        /// The unit that was asked for.
        to: String,
        /// Why not.
        reason: String,
        /// What to do.
        advice: String,
    },
    /// There are more codes than can be numbered.
    #[error("there are more than 4,294,967,295 distinct codes; is the column of codes the right one?")]
    TooManyCodes,
    /// A file has no bytes.
    #[error("`{name}` is empty")]
    Empty {
        /// The file.
        name: String,
    },
    /// A file has column names, but no rows.
    #[error("`{name}` has column names but no rows")]
    NoRows {
        /// The file.
        name: String,
    },
    /// Some shards have times with a time zone, others without.
    #[error(
        "the times of `{with}` have a time zone and those of `{without}` have none; write all of them on one clock"
    )]
    MixedClocks {
        /// A shard with a zone.
        with: String,
        /// A shard without.
        without: String,
    },
    /// A cell of a table that a mapping names for its labels.
    #[error(
        "`{name}` row {row}, column `{column}`: {reason}; a label that cannot be read changes who is studied, so mend or remove the row"
    )]
    SourceLabel {
        /// The file.
        name: String,
        /// The column.
        column: String,
        /// The line, or the number of the row.
        row: u64,
        /// What is wrong.
        reason: &'static str,
    },
    /// Labels of several kinds.
    #[error(
        "`{name}`: some outcomes are numbers and others words; an outcome is true or false, a number, or one of several words"
    )]
    MixedLabels {
        /// The file.
        name: String,
    },
    /// A record in JSON that is none.
    #[error(
        "line {line} column {column}: not a record of events; expected `prediction_time` and `events`, each with `code`, and with `time` and \
         `numeric_value` where it has them"
    )]
    LiveRecord {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// A cell of a table of labels or splits that must hold something.
    #[error("`{name}` row {row}: expected {expected} in `{column}`")]
    LabelCell {
        /// The file.
        name: String,
        /// The column.
        column: &'static str,
        /// What it must hold.
        expected: &'static str,
        /// The line, or in a file without lines the row, counted from 1.
        row: u64,
    },
    /// No subject belongs to a split.
    #[error("`{name}` gives no subject the split `{split}`")]
    NoSplit {
        /// The file.
        name: String,
        /// The split.
        split: String,
    },
    /// No file was named.
    #[error("expected at least one file to read, found none")]
    NoFiles,
    /// A file has more rows or texts than can be numbered.
    #[error("`{name}` has more than {limit} rows; divide it")]
    TooLong {
        /// The file.
        name: String,
        /// The limit.
        limit: usize,
    },
    /// A file that is read whole is too large for that.
    #[error("`{name}` is larger than {limit} bytes; export it with one resource per line (.ndjson)")]
    TooLarge {
        /// The file.
        name: String,
        /// The limit, in bytes out of gzip.
        limit: u64,
    },
    /// A file is not text.
    #[error("`{name}` is not text: it looks like {found}")]
    NotText {
        /// The file.
        name: String,
        /// What it looks like.
        found: &'static str,
    },
    /// The file's first bytes contradict the format asked for.
    #[error("`{name}`: expected {expected}, found {found}")]
    OtherFormat {
        /// The file.
        name: String,
        /// The format asked for.
        expected: &'static str,
        /// What its bytes say.
        found: &'static str,
    },
    /// Bytes that the encoding does not have.
    #[error(
        "`{name}` is not {encoding}: byte {byte} cannot be read; name its encoding, often `windows-1252`"
    )]
    Encoding {
        /// The file.
        name: String,
        /// The encoding that was tried.
        encoding: &'static str,
        /// The first offending byte, counted from 0.
        byte: usize,
    },
    /// No such encoding.
    #[error(
        "`{label}` is not a text encoding; write its WHATWG label, such as `utf-8`, `windows-1252` or `utf-16le`"
    )]
    UnknownEncoding {
        /// The label as written.
        label: String,
    },
    /// A delimiter that cannot delimit.
    #[error(
        "the byte {byte} cannot stand between fields; use a comma, semicolon, tab, bar or another ASCII sign"
    )]
    Delimiter {
        /// The byte.
        byte: u8,
    },
    /// A row has too many or too few fields.
    #[error("`{name}` line {line}: expected {expected} fields, found {found}")]
    Fields {
        /// The file.
        name: String,
        /// The line on which the row begins, counted from 1.
        line: u64,
        /// Fields expected.
        expected: usize,
        /// Fields found.
        found: usize,
    },
    /// A quoted field never ends.
    #[error("`{name}` line {line}: a quote is opened here and never closed")]
    OpenQuote {
        /// The file.
        name: String,
        /// The line of the opening quote.
        line: u64,
    },
    /// Text follows the closing quote of a field.
    #[error(
        "`{name}` line {line}: expected a delimiter after a closing quote; write a quote inside a field twice"
    )]
    AfterQuote {
        /// The file.
        name: String,
        /// The line.
        line: u64,
    },
    /// Two columns share a name. A name that is a number is not quoted: the first line may be a record.
    #[error("`{name}`: columns {first} and {second} have the same name{}", name_or_hint(.column.as_deref()))]
    DuplicateColumn {
        /// The file.
        name: String,
        /// The first of the two, counted from 1.
        first: usize,
        /// The second, counted from 1.
        second: usize,
        /// Their name.
        column: Option<String>,
    },
    /// A column is not there.
    #[error("no column `{column}`{}", nearest.as_ref().map_or_else(String::new, |n| format!("; did you mean `{n}`?")))]
    NoColumn {
        /// The name asked for.
        column: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// Files that should have the same columns do not.
    #[error("`{other}` has other columns than `{first}`: {}", missing_and_extra(.missing, .extra))]
    OtherColumns {
        /// The first file.
        first: String,
        /// The one that differs.
        other: String,
        /// Columns it lacks.
        missing: Vec<String>,
        /// Columns it has in addition.
        extra: Vec<String>,
    },
    /// A Parquet file is damaged or of an unknown kind.
    #[error("`{name}` cannot be read as Parquet: {reason}")]
    Parquet {
        /// The file.
        name: String,
        /// What the decoder says.
        reason: String,
    },
    /// A Parquet column of a type that is no cell of a table.
    #[error("`{name}` column `{column}`: expected numbers, text, dates or instants, found {found}")]
    ParquetType {
        /// The file.
        name: String,
        /// The column.
        column: String,
        /// Its type.
        found: String,
    },
    /// A folder has no files of events.
    #[error("`{path}` has no .parquet files; a data set of events is a Parquet file or a folder of them")]
    NoEvents {
        /// The folder.
        path: String,
    },
    /// A file of events lacks a column.
    #[error("`{name}` has no column `{column}`; it has `{}`", .found.join("`, `"))]
    NoEventColumn {
        /// The file.
        name: String,
        /// The column.
        column: &'static str,
        /// The columns there are.
        found: Vec<String>,
    },
    /// A column of events is of another kind.
    #[error("`{name}` column `{column}`: expected {expected}, found {found}")]
    EventColumn {
        /// The file.
        name: String,
        /// The column.
        column: String,
        /// The kind expected.
        expected: &'static str,
        /// The kind found.
        found: String,
    },
    /// Events that lack what every event has.
    #[error("`{name}`: {count} events in a batch have no `{column}`; every event needs one")]
    EmptyEventCell {
        /// The file.
        name: String,
        /// The column.
        column: &'static str,
        /// How many.
        count: usize,
    },
    /// The events of one subject do not stand together.
    #[error(
        "`{name}`: the events of at least one subject stand apart, with those of others between; sort the events by \
         subject and time first"
    )]
    SubjectApart {
        /// The first file.
        name: String,
    },
    /// An ARFF file breaks its grammar.
    #[error("`{name}` line {line}: {reason}")]
    Arff {
        /// The file.
        name: String,
        /// The line.
        line: u64,
        /// What was expected and found.
        reason: String,
    },
    /// An identifier is asked to be a predictor.
    #[error("column `{column}` is an identifier; it can tell rows apart but cannot be read as {wanted}")]
    Identifier {
        /// The column.
        column: String,
        /// What was asked for.
        wanted: &'static str,
    },
    /// A column holds something else than what it is asked for.
    #[error("column `{column}` holds {found}; it cannot be read as {wanted}")]
    Kind {
        /// The column.
        column: String,
        /// What it holds.
        found: &'static str,
        /// What was asked for.
        wanted: &'static str,
    },
    /// Rows belong to nobody.
    #[error(
        "column `{column}` says whose a row is, but {count} of its cells are empty, the first at {first}"
    )]
    EmptyId {
        /// The column.
        column: String,
        /// How many.
        count: usize,
        /// Where the first is.
        first: Place,
    },
    /// Dates that can be read in two ways.
    #[error(
        "column `{column}`: day and month cannot be told apart (`03/04/2015`); say whether the day or the month comes first"
    )]
    AmbiguousDates {
        /// The column.
        column: String,
    },
    /// Dates of which some put the day first and others the month.
    #[error(
        "column `{column}`: some dates have the day first ({day_first}), others the month ({month_first})"
    )]
    MixedDates {
        /// The column.
        column: String,
        /// Where one has the day first.
        day_first: Box<Place>,
        /// Where one has the month first.
        month_first: Box<Place>,
    },
    /// Instants with and without a time zone in one column.
    #[error(
        "column `{column}`: some times have a zone ({with}), others none ({without}); they cannot be compared"
    )]
    MixedZones {
        /// The column.
        column: String,
        /// Where one has a zone.
        with: Box<Place>,
        /// Where one has none.
        without: Box<Place>,
    },
    /// A live record whose times cannot be compared.
    #[error(
        "a record: some of its times have a zone and others none, so what came first cannot be told; write all with a zone or none"
    )]
    LiveZones,
    /// A value of a record that is too large to be kept as the model's data keep theirs.
    #[error(
        "a record: the `numeric_value` of its event {event} is larger than the numbers can be that the model was made from (3.4e38 in \
         single precision); write the value as it was measured, or null"
    )]
    LiveNumber {
        /// Which event of the record, counted from 1.
        event: usize,
    },
    /// A table that cannot be.
    #[error(transparent)]
    Table(#[from] TableError),
    /// No such public data set.
    #[error("no data set `{name}` is known; there are {known}")]
    UnknownDataset {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// No copy of a data set.
    #[error(
        "no copy of `{name}` in {searched}; set BEDSIDE_DATA to the folder that holds the folder `{name}`, or get it from {origin}"
    )]
    NoCopy {
        /// The data set.
        name: String,
        /// The folders searched.
        searched: String,
        /// Where it comes from.
        origin: &'static str,
    },
    /// A data set that cannot be fetched, because its origin has no archive of the very files.
    #[error(
        "`{name}` cannot be fetched by itself; get it from {origin} and set BEDSIDE_DATA to the folder above `{name}`"
    )]
    NoArchive {
        /// The data set.
        name: String,
        /// Where it comes from.
        origin: &'static str,
    },
    /// A download that failed.
    #[error(
        "cannot fetch {url}: {reason}; fetch it elsewhere and set BEDSIDE_DATA to the folder that holds the copy"
    )]
    Download {
        /// The address.
        url: &'static str,
        /// Why not.
        reason: String,
    },
    /// A copy differs from the original.
    #[error("`{path}` is not the original: expected SHA-256 {expected}, found {found}; get it again")]
    OtherHash {
        /// The file.
        path: String,
        /// The original's hash.
        expected: String,
        /// The copy's.
        found: String,
    },
}

impl IntakeError {
    /// Whether the machine refused (its disk, its network), rather than the input being wrong.
    #[must_use]
    pub fn is_machine(&self) -> bool {
        match self {
            Self::DiskFull { .. } | Self::Download { .. } => true,
            Self::Io { action, .. } => *action == "write",
            Self::Database { gone, .. } => *gone,
            _ => false,
        }
    }
}

fn near_names(near: &[String]) -> String {
    match near {
        [] => String::new(),
        names => format!("; the folder has `{}`", names.join("`, `")),
    }
}

/// The first few reasons.
fn first_few(reasons: &[crate::import::RejectCount]) -> String {
    let texts: Vec<String> = reasons.iter().take(3).map(ToString::to_string).collect();
    texts.join("; ")
}

fn name_or_hint(column: Option<&str>) -> String {
    column.map_or_else(
        || "; does the first line hold column names? If not, give the names".to_owned(),
        |column| format!(" `{column}`; give one of them another name"),
    )
}

fn missing_and_extra(missing: &[String], extra: &[String]) -> String {
    let list = |word: &str, names: &[String]| match names {
        [] => None,
        names => Some(format!("{word} `{}`", names.join("`, `"))),
    };
    [list("it lacks", missing), list("it adds", extra)].into_iter().flatten().collect::<Vec<_>>().join("; ")
}
