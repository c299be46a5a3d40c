//! What codes can be counted as, instead of as themselves.

use std::fmt;
use std::str::FromStr;

use bedside_table::nearest;

/// What codes are counted as: not each by itself but together with those of the same meaning. A group has a name of its own
/// and all windows and aggregations; an event counts once for each group that its code belongs to. Codes that belong to none
/// are left out.
///
/// ATC and ICD groups follow from the code itself, so a code that nobody has seen before still falls in its group. The
/// vocabulary is told by what stands before the code: `ATC/C09AA05`, `ICD10CM/I10`, `ICD9CM/401.9`,
/// `DIAGNOSIS//ICD//10//I10`; procedures (`PROCEDURE//ICD//10//…`, `ICD10PCS/…`) are no diagnoses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RollUp {
    /// Every code above it in the vocabulary (OMOP's `concept_ancestor`), itself among them if there are codes below it:
    /// `SNOMED/49601007 and below`. At most so many levels up.
    Ancestors {
        /// The most levels between a code and its group; none for all.
        levels: Option<u32>,
    },
    /// Its class in the Anatomical Therapeutic Chemical classification, by the level: `ATC C09`.
    Atc(AtcLevel),
    /// Its chapter in ICD-9-CM or ICD-10: `ICD-10 chapter IX: diseases of the circulatory system`.
    IcdChapter,
    /// Its category in ICD-9-CM or ICD-10, the part before the dot: `ICD-10 I50`.
    IcdCategory,
}

/// A level of the ATC classification (WHO Collaborating Centre for Drug Statistics Methodology, *Guidelines for ATC
/// classification and DDD assignment*): the first 1, 3, 4, 5 or 7 characters of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AtcLevel {
    /// Anatomical main group: `C`.
    One,
    /// Therapeutic subgroup: `C09`.
    Two,
    /// Pharmacological subgroup: `C09A`.
    Three,
    /// Chemical subgroup: `C09AA`.
    Four,
    /// Substance: `C09AA05`.
    Five,
}

impl AtcLevel {
    pub(super) const fn characters(self) -> usize {
        match self {
            Self::One => 1,
            Self::Two => 3,
            Self::Three => 4,
            Self::Four => 5,
            Self::Five => 7,
        }
    }
}

impl RollUp {
    /// All of them; ancestors at any distance.
    pub const ALL: [Self; 8] = [
        Self::Ancestors { levels: None },
        Self::Atc(AtcLevel::One),
        Self::Atc(AtcLevel::Two),
        Self::Atc(AtcLevel::Three),
        Self::Atc(AtcLevel::Four),
        Self::Atc(AtcLevel::Five),
        Self::IcdChapter,
        Self::IcdCategory,
    ];

    /// Its name in a recipe.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ancestors { .. } => "ancestors",
            Self::Atc(AtcLevel::One) => "atc1",
            Self::Atc(AtcLevel::Two) => "atc2",
            Self::Atc(AtcLevel::Three) => "atc3",
            Self::Atc(AtcLevel::Four) => "atc4",
            Self::Atc(AtcLevel::Five) => "atc5",
            Self::IcdChapter => "icd-chapter",
            Self::IcdCategory => "icd3",
        }
    }
}

impl fmt::Display for RollUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for RollUp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|known| known.name() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::name);
            match nearest(text, names) {
                Some(name) => format!("no roll-up `{text}`; did you mean `{name}`?"),
                None => format!("no roll-up `{text}`; there are {}", names.join(", ")),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_slips_are_told() {
        for one in RollUp::ALL {
            assert_eq!(one.name().parse(), Ok(one));
        }
        let slip = "icd-chaptre".parse::<RollUp>().unwrap_err();
        assert!(slip.contains("did you mean `icd-chapter`?"), "{slip}");
        assert!("snomed".parse::<RollUp>().unwrap_err().contains("there are ancestors, atc1"));
    }
}
