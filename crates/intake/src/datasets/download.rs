//! A data set from its original address, every file checked before it is kept.

use std::io::{Cursor, Read as _};
use std::path::Path;
use std::time::Duration;

use super::{DataFile, Dataset, Found, check, dataset};
use crate::{IntakeError, write_whole};

/// No archive in the list is nearly as large.
const LARGEST: u64 = 256 << 20;

/// Fetches a data set into the folder of its name under `into`. Nothing is written unless every file is the original.
///
/// # Errors
/// [`IntakeError::UnknownDataset`]; [`IntakeError::NoArchive`] when the set has to be fetched by hand;
/// [`IntakeError::Download`] without a network or when the archive lacks a file; [`IntakeError::OtherHash`] when a file
/// is not the original; those of [`write_whole`].
pub fn get(name: &str, into: impl AsRef<Path>) -> Result<Found, IntakeError> {
    let dataset = dataset(name)?;
    let url = dataset
        .archive
        .ok_or_else(|| IntakeError::NoArchive { name: name.to_owned(), origin: dataset.origin })?;
    let files = unpack(dataset, url, fetch(url)?)?;
    let folder = into.as_ref().join(name);
    std::fs::create_dir_all(&folder).map_err(|source| IntakeError::Io {
        action: "write",
        path: folder.display().to_string(),
        source,
    })?;
    for (file, bytes) in files {
        write_whole(folder.join(file.name), &bytes)?;
    }
    Ok(Found { dataset, folder })
}

fn fetch(url: &'static str) -> Result<Vec<u8>, IntakeError> {
    let failed = |error: ureq::Error| IntakeError::Download { url, reason: error.to_string() };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_connect(Some(Duration::from_secs(20)))
        .timeout_global(Some(Duration::from_secs(600)))
        .build()
        .into();
    let mut response = agent.get(url).call().map_err(failed)?;
    response.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(failed)
}

/// The files of a data set out of its archive, each compared with the original.
fn unpack(
    dataset: &Dataset,
    url: &'static str,
    archive: Vec<u8>,
) -> Result<Vec<(&'static DataFile, Vec<u8>)>, IntakeError> {
    let failed = |reason: String| IntakeError::Download { url, reason };
    let mut archive = zip::ZipArchive::new(Cursor::new(archive))
        .map_err(|e| failed(format!("it is no zip archive ({e})")))?;
    let mut unpack = |file: &'static DataFile| {
        // Some archives keep their files in a folder.
        let is_it = |place: &usize| match archive.name_for_index(*place) {
            Some(Ok(path)) => path.rsplit('/').next() == Some(file.name),
            Some(Err(_)) | None => false,
        };
        let place = (0..archive.len()).find(is_it);
        let place = place.ok_or_else(|| failed(format!("its archive has no `{}`", file.name)))?;
        let member = archive.by_index(place).map_err(|e| failed(e.to_string()))?;
        let mut bytes = Vec::new();
        member.take(LARGEST).read_to_end(&mut bytes).map_err(|e| failed(e.to_string()))?;
        check(Path::new(file.name), &bytes, file)?;
        Ok((file, bytes))
    };
    dataset.files.iter().map(&mut unpack).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::sha256_hex;

    const URL: &str = "https://example.org/set.zip";

    fn archive(path: &str, bytes: &[u8]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let deflated =
            zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        writer.start_file(path, deflated).unwrap();
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap().into_inner()
    }

    /// A set of one file, the text `a\n1\n`.
    fn set() -> Dataset {
        static FILES: [DataFile; 1] = [DataFile {
            name: "t.csv",
            sha256: "309b0e45a73d3fc5325e2b6ed0a01ef8b9cde6b05a5633c1f893f970d52bfddc",
            rows: Some(1),
        }];
        Dataset { files: &FILES, ..*dataset("diabetes130").unwrap() }
    }

    #[test]
    fn only_the_original_is_kept() {
        let set = set();
        let original = unpack(&set, URL, archive("folder/t.csv", b"a\n1\n")).unwrap();
        assert_eq!(sha256_hex(&original[0].1), set.files[0].sha256);
        let other = unpack(&set, URL, archive("t.csv", b"a\n2\n"));
        assert!(matches!(other, Err(IntakeError::OtherHash { .. })), "{other:?}");
        let lacking = unpack(&set, URL, archive("u.csv", b"a\n1\n")).unwrap_err().to_string();
        assert!(lacking.contains("has no `t.csv`"), "{lacking}");
        assert!(matches!(unpack(&set, URL, b"<html>".to_vec()), Err(IntakeError::Download { .. })));
    }

    #[test]
    fn a_set_without_an_archive_says_where_to_go() {
        let folder = tempfile::tempdir().unwrap();
        let refused = get("support2", folder.path()).unwrap_err().to_string();
        assert!(refused.contains("https://archive.ics.uci.edu/dataset/880"), "{refused}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
