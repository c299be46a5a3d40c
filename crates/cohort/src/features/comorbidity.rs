//! Comorbidity indices: conditions told by diagnoses, and the points that they score.

use super::groups::{Diagnosis, Revision};

mod charlson;
mod elixhauser;
mod points;

pub(super) use points::Points;

/// An index of comorbidity: conditions, each told by lists of ICD-9-CM and ICD-10 codes after Quan et al. (*Coding algorithms
/// for defining comorbidities in ICD-9-CM and ICD-10 administrative data*, Med Care 2005;43:1130,
/// doi:10.1097/01.mlr.0000182534.19832.83; ICD-9-CM by the paper's enhanced lists).
///
/// A condition is there when a diagnosis of it is in the window, whatever else is. In a score a milder form counts nothing next
/// to the graver one: mild next to severe liver disease, diabetes without next to diabetes with complications, a tumour next
/// to its metastases, hypertension without next to hypertension with complications.
///
/// Ranges hold numbers, as in the paper; categories that ICD-10-CM added later between two of them (C4A, C7A, C7B) are in none.
///
/// Where implementations disagree: AIDS/HIV counts 4 after Quan et al. 2011, whose points go up to 24; some count 2. A code that the
/// lists name under two conditions (I42.6 is heart failure and alcohol abuse) tells of both; some count only one. Negative
/// Elixhauser points stay negative. Lists other than those of 2005 (Deyo's of ICD-9-CM, AHRQ's) give other conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Comorbidity {
    /// 17 conditions (Charlson et al., *A new method of classifying prognostic comorbidity in longitudinal studies*,
    /// J Chronic Dis 1987;40:373, doi:10.1016/0021-9681(87)90171-8).
    Charlson,
    /// 31 conditions (Elixhauser et al., *Comorbidity measures for use with administrative data*, Med Care 1998;36:8,
    /// doi:10.1097/00005650-199801000-00004; cardiac arrhythmias among them).
    Elixhauser,
}

/// A condition of an index.
#[derive(Debug, Clone, Copy)]
struct Condition {
    name: &'static str,
    /// Codes without dots; `425.4-425.9` as `4254-4259`. A code below one of these is of it, too.
    nine: &'static str,
    ten: &'static str,
    /// What it counts: of the Charlson index in 1987, then in 2011; of the Elixhauser index twice the same.
    points: [i8; 2],
    /// The graver form, next to which it counts nothing.
    unless: Option<&'static str>,
}

/// Points for the conditions of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Weights {
    /// Those of the paper of 1987.
    Charlson,
    /// Quan et al., *Updating and validating the Charlson comorbidity index*, Am J Epidemiol 2011;173:676,
    /// doi:10.1093/aje/kwq433.
    Quan,
    /// van Walraven et al., *A modification of the Elixhauser comorbidity measures into a point system for hospital death*,
    /// Med Care 2009;47:626, doi:10.1097/MLR.0b013e31819432e5.
    VanWalraven,
}

/// The conditions that somebody has, one bit each, in the order of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Conditions(u32);

impl Conditions {
    pub(super) fn each(self) -> impl Iterator<Item = usize> {
        (0..32).filter(move |place| self.0 >> place & 1 == 1)
    }

    pub(super) fn with(self, place: usize) -> Self {
        Self(self.0 | 1 << place)
    }

    fn has(self, place: usize) -> bool {
        self.0 >> place & 1 == 1
    }
}

impl Comorbidity {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Charlson, Self::Elixhauser];

    /// Its name in a recipe.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Charlson => "charlson",
            Self::Elixhauser => "elixhauser",
        }
    }

    /// Its name in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Charlson => "Charlson",
            Self::Elixhauser => "Elixhauser",
        }
    }

    const fn list(self) -> &'static [Condition] {
        match self {
            Self::Charlson => &charlson::CONDITIONS,
            Self::Elixhauser => &elixhauser::CONDITIONS,
        }
    }

    /// The names of its conditions.
    pub fn conditions(self) -> impl Iterator<Item = &'static str> {
        self.list().iter().map(|condition| condition.name)
    }

    /// The conditions that a code tells of; most codes tell of none, a few of two.
    pub(super) fn told_by(self, code: &str) -> Conditions {
        let Some(diagnosis) = Diagnosis::of(code) else { return Conditions::default() };
        let listed = |condition: &Condition| {
            let list = if diagnosis.revision == Revision::Nine { condition.nine } else { condition.ten };
            list.split_ascii_whitespace().any(|range| is_in(&diagnosis.code, range))
        };
        let found = self.list().iter().enumerate().filter(|(_, condition)| listed(condition));
        found.fold(Conditions::default(), |found, (place, _)| found.with(place))
    }

    /// The points of some conditions.
    pub(super) fn score(self, weights: Weights, conditions: Conditions) -> i32 {
        let which = usize::from(weights == Weights::Quan);
        let list = self.list();
        let outweighed = |graver: &str| {
            list.iter().position(|other| other.name == graver).is_some_and(|place| conditions.has(place))
        };
        let counts = |place: &usize| !list[*place].unless.is_some_and(outweighed);
        conditions.each().filter(counts).map(|place| i32::from(list[place].points[which])).sum()
    }
}

/// Whether a code is one of a range, or below one: `4254-4259` holds 425.4 and 425.91, `I50` holds I50.9. Ranges are those of numbers:
/// what was added later with a letter where they have a digit (C7A, between C75 and C76 in the books) is in none.
fn is_in(code: &str, range: &str) -> bool {
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let Some(begin) = code.get(..first.len()) else { return false };
    let alike = |(of_code, of_range): (u8, u8)| of_code.is_ascii_digit() == of_range.is_ascii_digit();
    (first..=last).contains(&begin) && begin.bytes().zip(first.bytes()).all(alike)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(index: Comorbidity, code: &str) -> Vec<&'static str> {
        let names: Vec<_> = index.conditions().collect();
        index.told_by(code).each().map(|place| names[place]).collect()
    }

    fn score(index: Comorbidity, weights: Weights, codes: &[&str]) -> i32 {
        let all = codes.iter().flat_map(|code| index.told_by(code).each());
        index.score(weights, all.fold(Conditions::default(), Conditions::with))
    }

    #[test]
    fn lists_are_sound() {
        for index in Comorbidity::ALL {
            for condition in index.list() {
                for (list, before) in [(condition.nine, "ICD9CM/"), (condition.ten, "ICD10/")] {
                    assert!(!list.is_empty());
                    for range in list.split_ascii_whitespace() {
                        let (first, last) = range.split_once('-').unwrap_or((range, range));
                        assert!(first.len() == last.len() && first <= last, "{range}");
                        assert!(
                            names(index, &format!("{before}{first}")).contains(&condition.name),
                            "{range}"
                        );
                    }
                }
                let graver =
                    condition.unless.is_none_or(|graver| index.conditions().any(|name| name == graver));
                assert!(graver, "{}", condition.name);
            }
        }
        assert_eq!(Comorbidity::ALL.map(|index| index.conditions().count()), [17, 31]);
    }

    #[test]
    fn a_code_can_tell_of_two_conditions() {
        assert_eq!(
            names(Comorbidity::Elixhauser, "ICD10CM/I42.6"),
            ["congestive heart failure", "alcohol abuse"]
        );
        assert_eq!(names(Comorbidity::Charlson, "ICD9CM/404.03").len(), 2);
        assert_eq!(names(Comorbidity::Charlson, "ICD10CM/Z00.0"), Vec::<&str>::new());
        assert_eq!(names(Comorbidity::Charlson, "LAB//I21"), Vec::<&str>::new());
    }

    #[test]
    fn a_category_with_a_letter_is_in_no_range_of_numbers() {
        for code in ["C4A.0", "C7A.00", "C7B.8", "J4A.9", "M1A.0", "I5A", "c7a"] {
            for index in Comorbidity::ALL {
                assert_eq!(names(index, &format!("ICD10CM/{code}")), Vec::<&str>::new(), "{code}");
            }
        }
        assert_eq!(
            names(Comorbidity::Charlson, "ICD10CM/C49.A0"),
            ["malignancy"],
            "below a category of the list"
        );
        for code in ["C78.00", "c7800", " C78.00 ", "C78 .00", "C78.-", "C78.0+", "C78.0!", "C78.0*"] {
            assert_eq!(
                names(Comorbidity::Charlson, &format!("ICD10GM/{code}")),
                ["metastatic solid tumor"],
                "{code}"
            );
        }
    }

    #[test]
    fn a_milder_form_counts_nothing_next_to_the_graver_one() {
        let charlson = |codes: &[&str]| {
            [Weights::Charlson, Weights::Quan].map(|weights| score(Comorbidity::Charlson, weights, codes))
        };
        assert_eq!(charlson(&["ICD10/K73", "ICD10/E11.9", "ICD10/C50"]), [4, 4]);
        assert_eq!(charlson(&["ICD10/K73", "ICD10/K76.6"]), [3, 4]);
        assert_eq!(charlson(&["ICD10/E11.9", "ICD10/E11.2"]), [2, 1]);
        assert_eq!(charlson(&["ICD10/C50", "ICD10/C78"]), [6, 6]);
        let points = |codes: &[&str]| score(Comorbidity::Elixhauser, Weights::VanWalraven, codes);
        assert_eq!(points(&["ICD10/C50"]), 4);
        assert_eq!(points(&["ICD10/C50", "ICD10/C78"]), 12);
        assert_eq!(points(&["ICD10/F11.2", "ICD10/F32.9"]), -10, "points can be negative");
    }
}
