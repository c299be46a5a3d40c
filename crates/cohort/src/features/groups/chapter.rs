//! The chapters of ICD-9-CM and ICD-10.

use super::vocabulary::{Diagnosis, Revision};

/// First and last category, number and title. ICD-10 (WHO, *International Statistical Classification of Diseases and Related
/// Health Problems*, 10th revision, 2019); the last category is that of ICD-10-CM (NCHS) where its range is wider.
const TEN: [(&str, &str, &str, &str); 22] = [
    ("A00", "B99", "I", "certain infectious and parasitic diseases"),
    ("C00", "D49", "II", "neoplasms"),
    ("D50", "D89", "III", "diseases of the blood and blood-forming organs and certain immune disorders"),
    ("E00", "E90", "IV", "endocrine, nutritional and metabolic diseases"),
    ("F00", "F99", "V", "mental and behavioural disorders"),
    ("G00", "G99", "VI", "diseases of the nervous system"),
    ("H00", "H59", "VII", "diseases of the eye and adnexa"),
    ("H60", "H95", "VIII", "diseases of the ear and mastoid process"),
    ("I00", "I99", "IX", "diseases of the circulatory system"),
    ("J00", "J99", "X", "diseases of the respiratory system"),
    ("K00", "K95", "XI", "diseases of the digestive system"),
    ("L00", "L99", "XII", "diseases of the skin and subcutaneous tissue"),
    ("M00", "M99", "XIII", "diseases of the musculoskeletal system and connective tissue"),
    ("N00", "N99", "XIV", "diseases of the genitourinary system"),
    ("O00", "O9A", "XV", "pregnancy, childbirth and the puerperium"),
    ("P00", "P96", "XVI", "certain conditions originating in the perinatal period"),
    ("Q00", "Q99", "XVII", "congenital malformations, deformations and chromosomal abnormalities"),
    ("R00", "R99", "XVIII", "symptoms, signs and abnormal findings, not elsewhere classified"),
    ("S00", "T98", "XIX", "injury, poisoning and certain other consequences of external causes"),
    ("V00", "Y99", "XX", "external causes of morbidity and mortality"),
    ("Z00", "Z99", "XXI", "factors influencing health status and contact with health services"),
    ("U00", "U99", "XXII", "codes for special purposes"),
];

/// The same of ICD-9-CM (NCHS and CMS, 6th edition, 2011); the supplementary classifications have a letter for a number.
const NINE: [(&str, &str, &str, &str); 19] = [
    ("001", "139", "1", "infectious and parasitic diseases"),
    ("140", "239", "2", "neoplasms"),
    ("240", "279", "3", "endocrine, nutritional and metabolic diseases, and immunity disorders"),
    ("280", "289", "4", "diseases of the blood and blood-forming organs"),
    ("290", "319", "5", "mental disorders"),
    ("320", "389", "6", "diseases of the nervous system and sense organs"),
    ("390", "459", "7", "diseases of the circulatory system"),
    ("460", "519", "8", "diseases of the respiratory system"),
    ("520", "579", "9", "diseases of the digestive system"),
    ("580", "629", "10", "diseases of the genitourinary system"),
    ("630", "679", "11", "complications of pregnancy, childbirth and the puerperium"),
    ("680", "709", "12", "diseases of the skin and subcutaneous tissue"),
    ("710", "739", "13", "diseases of the musculoskeletal system and connective tissue"),
    ("740", "759", "14", "congenital anomalies"),
    ("760", "779", "15", "certain conditions originating in the perinatal period"),
    ("780", "799", "16", "symptoms, signs and ill-defined conditions"),
    ("800", "999", "17", "injury and poisoning"),
    ("V01", "V91", "V", "factors influencing health status and contact with health services"),
    ("E000", "E999", "E", "external causes of injury and poisoning"),
];

/// The chapter of a diagnosis, by its category; none for a category that no chapter has.
pub(super) fn chapter(of: &Diagnosis<'_>) -> Option<String> {
    let (chapters, revision) = match of.revision {
        Revision::Nine => (&NINE[..], "ICD-9"),
        Revision::Ten => (&TEN[..], "ICD-10"),
    };
    // Letters come after digits, as they do within a chapter: C7A lies between C75 and C80.
    let category = of.category();
    let held = |first: &str, last: &str| first.len() == category.len() && (first..=last).contains(&category);
    let (_, _, number, title) = chapters.iter().find(|(first, last, ..)| held(first, last))?;
    Some(format!("{revision} chapter {number}: {title}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(code: &str) -> Option<String> {
        let found = chapter(&Diagnosis::of(code).unwrap())?;
        Some(found.split(':').next().unwrap().to_owned())
    }

    #[test]
    fn chapters_meet_where_they_should() {
        for (code, expected) in [
            ("ICD10CM/D48.9", "ICD-10 chapter II"),
            ("ICD10CM/D49.2", "ICD-10 chapter II"),
            ("ICD10CM/D50.0", "ICD-10 chapter III"),
            ("ICD10CM/C7A.00", "ICD-10 chapter II"),
            ("ICD10CM/H59.9", "ICD-10 chapter VII"),
            ("ICD10CM/H60.0", "ICD-10 chapter VIII"),
            ("ICD10CM/K95.0", "ICD-10 chapter XI"),
            ("ICD10CM/O9A.1", "ICD-10 chapter XV"),
            ("ICD10/T98.3", "ICD-10 chapter XIX"),
            ("ICD10/V01", "ICD-10 chapter XX"),
            ("ICD10/U07.1", "ICD-10 chapter XXII"),
            ("ICD9CM/139.8", "ICD-9 chapter 1"),
            ("ICD9CM/140.0", "ICD-9 chapter 2"),
            ("ICD9CM/999.9", "ICD-9 chapter 17"),
            ("ICD9CM/V45.1", "ICD-9 chapter V"),
            ("ICD9CM/E000.0", "ICD-9 chapter E"),
        ] {
            assert_eq!(number(code).as_deref(), Some(expected), "{code}");
        }
        for code in ["ICD10/D90", "ICD10/P97", "ICD9CM/000", "ICD9CM/V00", "ICD9CM/V92.1"] {
            assert_eq!(number(code), None, "{code}");
        }
    }

    #[test]
    fn no_two_chapters_share_a_category() {
        for chapters in [&TEN[..], &NINE[..]] {
            for (place, (first, last, ..)) in chapters.iter().enumerate() {
                assert!(first <= last);
                let mut others = chapters[..place].iter().filter(|other| other.0.len() == first.len());
                assert!(others.all(|(begin, end, ..)| last < begin || end < first), "{first}");
            }
        }
    }
}
