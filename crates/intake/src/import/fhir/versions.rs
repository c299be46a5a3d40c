//! Resources that are there in several versions, as in exports that follow each other: of each the latest is read.
//!
//! Two resources are versions of one when type, logical id and subject are the same and both say which version they are
//! (`meta.lastUpdated`, `meta.versionId`). What says nothing of the kind is a repeat only if it is the same to the letter: bundles
//! that were written by hand may number the resources of each visit anew.
//!
//! Nearly always there is one version of everything, and 8 bytes a resource are enough to see that. Only if there are more, the files
//! are read again: once to find the latest of each, and once to read it.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bedside_chart::SubjectNumber;
use serde::Deserialize;

use super::fields::{Text, said};
use super::resource::Resource;
use crate::import::rows::Cell;

/// Where a resource stands: its file, its line, and which it is in the bundle of that line. Of two that are the same version, the later
/// one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) file: usize,
    pub(super) line: u64,
    pub(super) entry: u64,
}

/// What is known of versions so far.
#[derive(Debug)]
pub(super) enum Versions {
    /// Nothing: it is looked at what there is, and everything is read.
    Unknown(Mutex<Vec<u64>>),
    /// What is there more than once: the latest is looked for, and nothing is read.
    Several(HashSet<u64>, Mutex<HashMap<u64, (Stamp, Place)>>),
    /// The latest of what is there more than once: that is read, and what is there once.
    Latest(HashMap<u64, Place>),
}

/// When a version was made, in microseconds, and its number; what is not said comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stamp(i64, u64);

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Meta<'a> {
    #[serde(borrow)]
    version_id: Option<Text<'a>>,
    #[serde(borrow)]
    last_updated: Option<Text<'a>>,
}

impl Default for Versions {
    fn default() -> Self {
        Self::Unknown(Mutex::default())
    }
}

impl Versions {
    /// Whether a resource is to be read.
    pub(super) fn take(
        &self,
        resource: &Resource<'_>,
        subject: impl FnOnce() -> Option<SubjectNumber>,
        place: Place,
    ) -> bool {
        let Some((which, stamp)) = version(resource, subject) else {
            return !matches!(self, Self::Several(..));
        };
        match self {
            Self::Unknown(met) => {
                lock(met).push(which);
                true
            }
            Self::Several(several, latest) => {
                if several.contains(&which) {
                    let mut latest = lock(latest);
                    let known = latest.entry(which).or_insert((stamp, place));
                    *known = (*known).max((stamp, place));
                }
                false
            }
            Self::Latest(latest) => latest.get(&which).is_none_or(|known| *known == place),
        }
    }

    /// Whether what is left out is an older version.
    pub(super) fn is_known(&self) -> bool {
        matches!(self, Self::Latest(_))
    }

    /// What is to be known in the next reading; none when this was the last.
    pub(super) fn next(self) -> Option<Self> {
        let within = |mutex: Mutex<_>| mutex.into_inner().unwrap_or_else(PoisonError::into_inner);
        match self {
            Self::Unknown(met) => {
                let mut met: Vec<u64> = met.into_inner().unwrap_or_else(PoisonError::into_inner);
                met.sort_unstable();
                let several: HashSet<u64> =
                    met.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
                (!several.is_empty()).then(|| Self::Several(several, Mutex::default()))
            }
            Self::Several(_, latest) => Some(Self::Latest(
                within(latest).into_iter().map(|(which, (_, place))| (which, place)).collect(),
            )),
            Self::Latest(_) => None,
        }
    }
}

/// What a resource is a version of, as 64 bits, and which; none when it has no id. That two of ten million are mistaken for
/// each other has a chance of 3 in a million.
fn version(resource: &Resource<'_>, subject: impl FnOnce() -> Option<SubjectNumber>) -> Option<(u64, Stamp)> {
    let id: Option<Text<'_>> = resource.fields.get("id").ok()?;
    let meta: Option<Meta<'_>> = resource.fields.get("meta").ok()?;
    let meta = meta.unwrap_or_default();
    let updated = said(&meta.last_updated).and_then(|text| Cell::Text(text.as_bytes()).when().ok().flatten());
    let number = said(&meta.version_id).and_then(|text| text.trim_matches(['W', '/', '"']).parse().ok());
    let mut hasher = DefaultHasher::new();
    (resource.kind.as_str(), said(&id)?, subject().map(SubjectNumber::expose)).hash(&mut hasher);
    if updated.is_none() && number.is_none() {
        resource.fields.as_written().for_each(|field| field.hash(&mut hasher));
    }
    let stamp = Stamp(updated.map_or(i64::MIN, |when| when.instant.micros()), number.unwrap_or(0));
    Some((hasher.finish(), stamp))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of some resources of one subject are read in the end, and in how many readings.
    fn read(resources: &[&str]) -> (Vec<usize>, usize) {
        let resources: Vec<_> = resources.iter().map(|json| Resource::parse(json).unwrap()).collect();
        let (mut versions, mut readings) = (Versions::default(), 0);
        loop {
            readings += 1;
            let place = |file| Place { file, line: 1, entry: 1 };
            let subject = Some(SubjectNumber::new(4));
            let taken = (0..resources.len())
                .filter(|&file| versions.take(&resources[file], || subject, place(file)))
                .collect();
            match versions.next() {
                Some(next) => versions = next,
                None => return (taken, readings),
            }
        }
    }

    fn observation(id: &str, meta: &str) -> String {
        format!(r#"{{"resourceType": "Observation", "id": "{id}", "meta": {meta}}}"#)
    }

    #[test]
    fn of_each_the_latest_version_is_read() {
        let all = [
            observation("a", r#"{"versionId": "2"}"#),
            observation("a", r#"{"versionId": "10"}"#),
            observation("b", r#"{"lastUpdated": "2020-01-02T00:00:00+14:00", "versionId": "7"}"#),
            observation("b", r#"{"lastUpdated": "2020-01-01T23:00:00Z", "versionId": "3"}"#),
            // The same twice: the later place.
            observation("c", r#"{"versionId": "1"}"#),
            observation("c", r#"{"versionId": "1"}"#),
            observation("d", r#"{"versionId": "1"}"#),
            r#"{"resourceType": "Condition", "id": "d", "meta": {"versionId": "5"}}"#.to_owned(),
        ];
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        assert_eq!(read(&all), (vec![1, 3, 5, 6, 7], 3));
        assert_eq!(read(&all[6..]), (vec![0, 1], 1), "one version of each takes one reading");
    }

    #[test]
    fn what_says_no_version_is_a_repeat_only_to_the_letter() {
        let no_id = r#"{"resourceType": "Observation", "meta": {"versionId": "1"}}"#;
        let [none, other] = [observation("a", "{}"), observation("a", r#"{"profile": []}"#)];
        assert_eq!(read(&[&none, &none, no_id, no_id]), (vec![1, 2, 3], 3));
        assert_eq!(read(&[&none, &other]), (vec![0, 1], 1));
        let [one, two] =
            ["1", "2"].map(|version| observation("b", &format!(r#"{{"versionId": "{version}"}}"#)));
        assert_eq!(read(&[&none, &one, &two]), (vec![0, 2], 3));
    }
}
