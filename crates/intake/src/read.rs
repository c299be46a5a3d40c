//! From a file to a frame.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;

use crate::cells::Cells;
use crate::dictionary::Dictionary;
use crate::{
    Format, Frame, IntakeError, Origin, RawColumn, ReadOptions, arff, decode, delimited, parquet_file,
    sha256_hex,
};

/// The table of one file, before its missing tokens are known.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) columns: Vec<LoadedColumn>,
    /// The line on which each row begins; empty for a file without lines.
    pub(crate) lines: Vec<u32>,
    pub(crate) rows: usize,
}

#[derive(Debug)]
pub(crate) struct LoadedColumn {
    pub(crate) name: String,
    pub(crate) cells: Cells,
    /// The file declares levels.
    pub(crate) levels: bool,
    /// A missing cell is written as `?` (ARFF).
    pub(crate) question_mark: bool,
}

/// Reads one file.
///
/// # Errors
/// Every variant of [`IntakeError`] that concerns files.
pub fn read(path: impl AsRef<Path>, options: &ReadOptions) -> Result<Frame, IntakeError> {
    read_all(&[path], options)
}

/// Reads several files with the same columns, one after the other. Columns may stand in another order; the first file's
/// is kept.
///
/// # Errors
/// As [`read`], and [`IntakeError::OtherColumns`] when a file has others than the first, [`IntakeError::NoFiles`] when
/// there is none.
pub fn read_all<P: AsRef<Path>>(paths: &[P], options: &ReadOptions) -> Result<Frame, IntakeError> {
    let mut parts = Vec::with_capacity(paths.len());
    for path in paths {
        let path = path.as_ref();
        let bytes = read_file(path)?;
        let name =
            path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into());
        parts.push(part(name, bytes, options)?);
    }
    join(parts, options)
}

/// Reads a table from memory; `name` stands for the file's name.
///
/// # Errors
/// As [`read`].
pub fn read_bytes(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Frame, IntakeError> {
    read_all_bytes(vec![(name.to_owned(), bytes.to_vec())], options)
}

/// Reads several tables from memory, each with a name that stands for its file's, one after the other.
///
/// # Errors
/// As [`read_all`].
pub fn read_all_bytes(tables: Vec<(String, Vec<u8>)>, options: &ReadOptions) -> Result<Frame, IntakeError> {
    let parts = tables.into_iter().map(|(name, bytes)| part(name, bytes, options));
    join(parts.collect::<Result<_, _>>()?, options)
}

/// The bytes of a file.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, IntakeError> {
    std::fs::read(path).map_err(|source| refused_reading(path, source))
}

/// Why a file or folder could not be read.
pub(crate) fn refused_reading(path: &Path, source: std::io::Error) -> IntakeError {
    match source.kind() {
        std::io::ErrorKind::NotFound => {
            IntakeError::NoFile { path: path.display().to_string(), near: near_names(path) }
        }
        _ => IntakeError::Io { action: "read", path: path.display().to_string(), source },
    }
}

/// Up to three names in the same folder that are like the one asked for.
fn near_names(path: &Path) -> Vec<String> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let wanted = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut near: Vec<(f64, String)> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name))
        .filter(|(similarity, _)| *similarity >= 0.75)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

/// One file's table and its fingerprint, which a second thread takes meanwhile.
fn part(name: String, bytes: Vec<u8>, options: &ReadOptions) -> Result<(Origin, Loaded), IntakeError> {
    let bytes = Bytes::from(bytes);
    let (sha256, loaded) = std::thread::scope(|scope| {
        let hash = scope.spawn(|| sha256_hex(&bytes));
        let loaded = load(&name, &bytes, options);
        (hash.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), loaded)
    });
    let loaded = loaded?;
    if loaded.rows == 0 {
        return Err(IntakeError::NoRows { name });
    }
    let lines = loaded.lines.clone();
    Ok((Origin { name, sha256, rows: 0..loaded.rows, lines }, loaded))
}

fn load(name: &str, bytes: &Bytes, options: &ReadOptions) -> Result<Loaded, IntakeError> {
    let is_parquet = bytes.starts_with(b"PAR1");
    let named =
        options.format.or_else(|| if is_parquet { Some(Format::Parquet) } else { Format::of_name(name) });
    if let (Some(expected @ (Format::Csv | Format::Arff)), true) = (options.format, is_parquet) {
        return Err(IntakeError::OtherFormat {
            name: name.to_owned(),
            expected: expected.name(),
            found: Format::Parquet.name(),
        });
    }
    if named == Some(Format::Parquet) {
        return parquet_file::load(name, bytes);
    }
    let text = decode::text(name, bytes, options.encoding.as_deref())?;
    if named == Some(Format::Arff) || (named.is_none() && arff::looks_like(&text)) {
        return arff::load(name, &text);
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let parsed = delimited::parse(name, &text, options.delimiter, &options.header, threads)?;
    let rows = parsed.lines.len();
    let columns = parsed.names.into_iter().zip(parsed.columns).map(|(name, (dictionary, codes))| {
        LoadedColumn { name, cells: Cells::text(codes, dictionary), levels: false, question_mark: false }
    });
    Ok(Loaded { columns: columns.collect(), lines: parsed.lines, rows })
}

fn join(parts: Vec<(Origin, Loaded)>, options: &ReadOptions) -> Result<Frame, IntakeError> {
    let mut parts = parts.into_iter();
    let Some((origin, mut whole)) = parts.next() else { return Err(IntakeError::NoFiles) };
    let mut origins = vec![origin];
    mark_missing(&mut whole, options);
    for (mut origin, mut more) in parts {
        mark_missing(&mut more, options);
        origin.rows = whole.rows..whole.rows + more.rows;
        append(&mut whole, more, &origins[0].name, &origin.name)?;
        origins.push(origin);
    }
    if let Some(name) = &options.file_column {
        let names = whole.columns.iter().map(|c| c.name.clone()).chain([name.clone()]).collect();
        delimited::unique(&origins[0].name, names)?;
        whole.columns.push(file_column(name, &origins, &options.file_labels));
    }
    let origins: Arc<[Origin]> = origins.into();
    let columns = whole.columns.into_iter().map(|column| RawColumn {
        identifier: options.identifiers.contains(&column.name),
        name: column.name,
        cells: column.cells,
        declared_levels: column.levels,
        decimal: options.decimal,
        origins: Arc::clone(&origins),
    });
    let frame = Frame::new(whole.rows, columns.collect(), Arc::clone(&origins));
    for column in options.missing_by_column.keys().chain(&options.identifiers) {
        frame.column(column)?;
    }
    Ok(frame)
}

fn mark_missing(loaded: &mut Loaded, options: &ReadOptions) {
    for column in &mut loaded.columns {
        let own = options.missing_by_column.get(&column.name);
        let arff = column.question_mark.then_some("?");
        let named = options.missing.iter().chain(own.into_iter().flatten()).map(String::as_str);
        let tokens: Vec<&str> = named.chain(arff).chain([""]).collect();
        column.cells.mark_missing(&tokens, options.decimal);
    }
}

fn append(whole: &mut Loaded, more: Loaded, first: &str, other: &str) -> Result<(), IntakeError> {
    let lacks = |these: &[LoadedColumn], those: &[LoadedColumn]| -> Vec<String> {
        let there = |name: &str| those.iter().any(|c| c.name == name);
        these.iter().filter(|c| !there(&c.name)).map(|c| c.name.clone()).collect()
    };
    let (missing, extra) = (lacks(&whole.columns, &more.columns), lacks(&more.columns, &whole.columns));
    if !(missing.is_empty() && extra.is_empty()) {
        return Err(IntakeError::OtherColumns {
            first: first.to_owned(),
            other: other.to_owned(),
            missing,
            extra,
        });
    }
    whole.rows += more.rows;
    for column in more.columns {
        if let Some(place) = whole.columns.iter_mut().find(|c| c.name == column.name) {
            place.cells.append(column.cells);
            place.levels |= column.levels;
        }
    }
    Ok(())
}

fn file_column(name: &str, origins: &[Origin], labels: &[String]) -> LoadedColumn {
    let (mut dictionary, mut codes) = (Dictionary::new(), Vec::new());
    for (number, origin) in origins.iter().enumerate() {
        let stem =
            Path::new(&origin.name).file_stem().map_or(origin.name.as_str().into(), |s| s.to_string_lossy());
        let label = labels.get(number).map_or(stem, |label| label.as_str().into());
        let code = dictionary.intern(&label);
        codes.extend(std::iter::repeat_n(code, origin.rows.len()));
    }
    LoadedColumn {
        name: name.to_owned(),
        cells: Cells::text(codes, dictionary),
        levels: true,
        question_mark: false,
    }
}
