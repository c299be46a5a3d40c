//! The container: named members, each with its hash, in an uncompressed zip.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::BundleError;

/// The newest bundle format that this version reads, and the one it writes.
pub const FORMAT: u32 = 1;

/// The name of the member that lists all others.
const MANIFEST: &str = "manifest.json";

/// No bundle is larger than this; a file that claims more is refused before anything is allocated for it.
const LARGEST: u64 = 1 << 30;

/// What the first member says about the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Format of the bundle; readers refuse a newer one.
    pub format: u32,
    /// SHA-256 over the format, the facts and the name and hash of every member: the bundle's identity.
    pub id: String,
    /// The program that sealed it, with its version.
    pub software: String,
    /// Seeds and hashes of the run, by name.
    pub facts: BTreeMap<String, String>,
    /// SHA-256 of every other member, by name.
    pub members: BTreeMap<String, String>,
}

impl Manifest {
    fn computed_id(&self) -> String {
        let mut hash = Sha256::new();
        let mut line = |parts: &[&str]| {
            for part in parts {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part.as_bytes());
            }
        };
        line(&["bedside bundle", &self.format.to_string(), &self.software]);
        for (name, value) in &self.facts {
            line(&["fact", name, value]);
        }
        for (name, value) in &self.members {
            line(&["member", name, value]);
        }
        hex(&hash.finalize())
    }
}

/// SHA-256 of some bytes, in lower-case hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Seals members into one file. The same members and facts give the same bytes.
///
/// # Errors
/// [`BundleError::Container`] when the zip cannot be written.
pub fn seal(
    software: &str,
    facts: BTreeMap<String, String>,
    members: &BTreeMap<String, Vec<u8>>,
) -> Result<(Manifest, Vec<u8>), BundleError> {
    let hashes = members.iter().map(|(name, bytes)| (name.clone(), sha256(bytes))).collect();
    let mut manifest =
        Manifest { format: FORMAT, id: String::new(), software: software.to_owned(), facts, members: hashes };
    manifest.id = manifest.computed_id();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    let listed = serde_json::to_vec_pretty(&manifest)
        .map_err(|e| BundleError::Member { member: MANIFEST.to_owned(), problem: e.to_string() })?;
    let container = |e: zip::result::ZipError| BundleError::Container { problem: e.to_string() };
    let all = std::iter::once((MANIFEST, &listed)).chain(members.iter().map(|(n, b)| (n.as_str(), b)));
    for (name, bytes) in all {
        zip.start_file(name, stored).map_err(container)?;
        zip.write_all(bytes).map_err(|e| BundleError::Container { problem: e.to_string() })?;
    }
    Ok((manifest, zip.finish().map_err(container)?.into_inner()))
}

/// Opens a sealed file and checks every hash. Nothing in it is executed or believed before its hash agrees.
///
/// # Errors
/// [`BundleError::Container`] for a truncated or foreign file, [`BundleError::Newer`] for a format from a later
/// version, [`BundleError::Tampered`] when a member or the id does not match its hash.
pub fn open(file: &[u8]) -> Result<(Manifest, BTreeMap<String, Vec<u8>>), BundleError> {
    let container = |problem: String| BundleError::Container { problem };
    let mut zip = ZipArchive::new(Cursor::new(file)).map_err(|e| container(e.to_string()))?;
    let mut members = BTreeMap::new();
    let mut total = 0u64;
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).map_err(|e| container(e.to_string()))?;
        let name = entry.name().map_err(|e| container(e.to_string()))?.into_owned();
        if entry.compression() != CompressionMethod::Stored {
            return Err(container(format!(
                "member `{name}` is compressed; bundles store members as they are"
            )));
        }
        total = total.saturating_add(entry.size());
        if total > LARGEST || entry.size() > file.len() as u64 {
            return Err(container(format!("member `{name}` claims more bytes than the file can hold")));
        }
        let mut bytes = Vec::with_capacity(entry.size() as usize);
        entry.read_to_end(&mut bytes).map_err(|e| container(format!("member `{name}`: {e}")))?;
        if members.insert(name.clone(), bytes).is_some() {
            return Err(container(format!("member `{name}` appears twice")));
        }
    }
    let listed =
        members.remove(MANIFEST).ok_or_else(|| container("there is no manifest.json inside".to_owned()))?;
    let bad = |problem: String| BundleError::Member { member: MANIFEST.to_owned(), problem };
    // The format is read alone first: a later format may name other fields.
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let Format { format } = serde_json::from_slice(&listed).map_err(|e| bad(e.to_string()))?;
    if format > FORMAT {
        return Err(BundleError::Newer { found: format, known: FORMAT });
    }
    let manifest: Manifest = serde_json::from_slice(&listed).map_err(|e| bad(e.to_string()))?;
    for (name, expected) in &manifest.members {
        let bytes = members.get(name).ok_or_else(|| BundleError::Tampered { member: name.clone() })?;
        if &sha256(bytes) != expected {
            return Err(BundleError::Tampered { member: name.clone() });
        }
    }
    if let Some(extra) = members.keys().find(|name| !manifest.members.contains_key(*name)) {
        return Err(BundleError::Tampered { member: extra.clone() });
    }
    if manifest.id != manifest.computed_id() {
        return Err(BundleError::Tampered { member: MANIFEST.to_owned() });
    }
    Ok((manifest, members))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed() -> (Manifest, Vec<u8>) {
        let members = BTreeMap::from([
            ("a.json".to_owned(), b"{\"x\":1}".to_vec()),
            ("numbers.safetensors".to_owned(), (0..200u8).collect()),
        ]);
        seal("bedside test", BTreeMap::from([("seed".to_owned(), "7".to_owned())]), &members).unwrap()
    }

    #[test]
    fn what_was_sealed_comes_out_and_the_id_is_stable() {
        let (manifest, file) = sealed();
        assert_eq!(sealed().1, file);
        let (read, members) = open(&file).unwrap();
        assert_eq!(read, manifest);
        assert_eq!(members["a.json"], b"{\"x\":1}");
    }

    #[test]
    fn every_truncation_is_refused() {
        let (_, file) = sealed();
        for end in 0..file.len() {
            assert!(open(&file[..end]).is_err(), "a file cut at byte {end} was opened");
        }
    }

    #[test]
    fn every_changed_byte_of_content_is_noticed() {
        let (manifest, file) = sealed();
        let (_, before) = open(&file).unwrap();
        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 0x40;
            // A byte of the container that carries no content (a time stamp) may change unnoticed; content may not.
            if let Ok((read, members)) = open(&changed) {
                assert_eq!((read, members), (manifest.clone(), before.clone()), "byte {at}");
            }
        }
    }

    #[test]
    fn a_newer_format_is_named() {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(MANIFEST, stored).unwrap();
        zip.write_all(b"{\"format\": 99}").unwrap();
        let file = zip.finish().unwrap().into_inner();
        assert!(matches!(open(&file), Err(BundleError::Newer { found: 99, known: FORMAT })));
    }
}
