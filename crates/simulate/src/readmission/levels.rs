//! Levels and how often they occur. The shares are those of the public diabetes set (UCI 296, doi 10.24432/C5230J), rounded.

/// A level and its weight.
pub(super) type Weighted = (&'static str, f64);

/// What a file writes for a gap.
pub(super) const GAP: &str = "?";

pub(super) const RACE: &[Weighted] = &[
    ("Caucasian", 74.8),
    ("AfricanAmerican", 18.9),
    ("Hispanic", 2.0),
    ("Other", 1.5),
    ("Asian", 0.6),
    (GAP, 2.2),
];

pub(super) const GENDER: &[Weighted] = &[("Female", 53.76), ("Male", 46.24), ("Unknown/Invalid", 0.003)];

pub(super) const AGE: &[Weighted] = &[
    ("[0-10)", 0.16),
    ("[10-20)", 0.68),
    ("[20-30)", 1.63),
    ("[30-40)", 3.71),
    ("[40-50)", 9.52),
    ("[50-60)", 16.96),
    ("[60-70)", 22.09),
    ("[70-80)", 25.62),
    ("[80-90)", 16.90),
    ("[90-100)", 2.74),
];

pub(super) const WEIGHT: &[Weighted] = &[
    (GAP, 96.86),
    ("[75-100)", 1.31),
    ("[50-75)", 0.88),
    ("[100-125)", 0.61),
    ("[125-150)", 0.14),
    ("[25-50)", 0.10),
    ("[0-25)", 0.05),
    ("[150-175)", 0.03),
    ("[175-200)", 0.01),
    (">200", 0.003),
];

pub(super) const ADMISSION_TYPE: &[Weighted] = &[
    ("1", 53.05),
    ("3", 18.54),
    ("2", 18.16),
    ("6", 5.20),
    ("5", 4.70),
    ("8", 0.31),
    ("7", 0.02),
    ("4", 0.01),
];

/// A discharge disposition, its weight, and what it adds to the log odds of coming back.
pub(super) const DISPOSITION: &[(&str, f64, f64)] = &[
    ("1", 59.19, 0.0),
    ("3", 13.71, 0.40),
    ("6", 12.68, 0.20),
    ("18", 3.63, 0.15),
    ("2", 2.09, 0.45),
    ("22", 1.96, 1.20),
    ("11", 1.61, NEVER),
    ("5", 1.16, 0.75),
    ("25", 0.97, 0.0),
    ("4", 0.80, 0.25),
    ("7", 0.61, 0.35),
    ("23", 0.40, -0.40),
    ("13", 0.39, -0.90),
    ("14", 0.37, -0.60),
    ("28", 0.14, 1.30),
    ("8", 0.11, 0.30),
    ("15", 0.06, 1.40),
    ("24", 0.05, 0.10),
    ("9", 0.02, 1.20),
    ("17", 0.01, 0.0),
    ("19", 0.01, NEVER),
    ("10", 0.006, 0.30),
    ("27", 0.005, 0.0),
    ("16", 0.01, 0.50),
    ("12", 0.003, 0.50),
    ("20", 0.002, NEVER),
];

/// The patient died.
pub(super) const NEVER: f64 = f64::NEG_INFINITY;

pub(super) const ADMISSION_SOURCE: &[Weighted] = &[
    ("7", 56.50),
    ("1", 29.05),
    ("17", 6.66),
    ("4", 3.13),
    ("6", 2.22),
    ("2", 1.08),
    ("5", 0.84),
    ("3", 0.18),
    ("20", 0.16),
    ("9", 0.12),
    ("8", 0.02),
    ("22", 0.01),
    ("10", 0.008),
    ("11", 0.002),
    ("14", 0.002),
    ("25", 0.002),
    ("13", 0.001),
];

pub(super) const PAYER: &[Weighted] = &[
    (GAP, 39.56),
    ("MC", 31.88),
    ("HM", 6.17),
    ("SP", 4.92),
    ("BC", 4.57),
    ("MD", 3.47),
    ("CP", 2.49),
    ("UN", 2.41),
    ("CM", 1.90),
    ("OG", 1.02),
    ("PO", 0.58),
    ("DM", 0.54),
    ("CH", 0.14),
    ("WC", 0.13),
    ("OT", 0.09),
    ("MP", 0.08),
    ("SI", 0.05),
    ("FR", 0.001),
];

pub(super) const SPECIALTY: &[Weighted] = &[
    (GAP, 49.08),
    ("InternalMedicine", 14.38),
    ("Emergency/Trauma", 7.43),
    ("Family/GeneralPractice", 7.31),
    ("Cardiology", 5.26),
    ("Surgery-General", 3.05),
    ("Nephrology", 1.59),
    ("Orthopedics", 1.38),
    ("Orthopedics-Reconstructive", 1.21),
    ("Radiologist", 1.12),
    ("Pulmonology", 0.86),
    ("Psychiatry", 0.84),
    ("Urology", 0.67),
    ("ObstetricsandGynecology", 0.66),
    ("Surgery-Cardiovascular/Thoracic", 0.64),
    ("Gastroenterology", 0.55),
    ("Surgery-Vascular", 0.52),
    ("Surgery-Neuro", 0.46),
    ("PhysicalMedicineandRehabilitation", 0.38),
    ("Oncology", 0.34),
    ("Pediatrics", 0.25),
    ("Hematology/Oncology", 0.20),
    ("Neurology", 0.20),
    ("Pediatrics-Endocrinology", 0.16),
    ("Otolaryngology", 0.12),
    ("Endocrinology", 0.12),
    ("Surgery-Thoracic", 0.11),
    ("Podiatry", 0.10),
    ("Surgery-Cardiovascular", 0.10),
    ("Psychology", 0.10),
    ("Pediatrics-CriticalCare", 0.09),
    ("Hematology", 0.08),
    ("Gynecology", 0.06),
    ("Hospitalist", 0.06),
    ("Radiology", 0.05),
    ("Surgeon", 0.04),
    ("InfectiousDiseases", 0.04),
    ("Ophthalmology", 0.04),
    ("Surgery-Plastic", 0.04),
    ("SurgicalSpecialty", 0.03),
    ("Anesthesiology-Pediatric", 0.02),
    ("Rheumatology", 0.02),
    ("Pathology", 0.02),
    ("Dentistry", 0.004),
    ("Dermatology", 0.001),
];

pub(super) const GLUCOSE: &[Weighted] = &[("None", 94.75), ("Norm", 2.55), (">200", 1.46), (">300", 1.24)];

pub(super) const A1C: &[Weighted] = &[("None", 83.28), (">8", 8.07), ("Norm", 4.90), (">7", 3.75)];

/// The doses' levels, in the order of the weights below.
pub(super) const DOSE: [&str; 4] = ["No", "Steady", "Up", "Down"];

/// A drug and how often its dose is none, steady, raised, lowered, in 10,000 encounters.
pub(super) const DRUGS: &[(&str, [f64; 4])] = &[
    ("metformin", [8036.0, 1803.0, 105.0, 57.0]),
    ("repaglinide", [9849.0, 136.0, 11.0, 4.0]),
    ("nateglinide", [9931.0, 66.0, 2.0, 1.0]),
    ("chlorpropamide", [9992.0, 8.0, 0.6, 0.1]),
    ("glimepiride", [9490.0, 459.0, 32.0, 19.0]),
    ("acetohexamide", [9999.9, 0.1, 0.0, 0.0]),
    ("glipizide", [8753.0, 1116.0, 76.0, 55.0]),
    ("glyburide", [8953.0, 911.0, 80.0, 55.0]),
    ("tolbutamide", [9998.0, 2.0, 0.0, 0.0]),
    ("pioglitazone", [9280.0, 685.0, 23.0, 12.0]),
    ("rosiglitazone", [9375.0, 599.0, 17.0, 9.0]),
    ("acarbose", [9970.0, 29.0, 1.0, 0.3]),
    ("miglitol", [9996.0, 3.0, 0.2, 0.5]),
    ("troglitazone", [9999.7, 0.3, 0.0, 0.0]),
    ("tolazamide", [9996.0, 4.0, 0.1, 0.0]),
    ("examide", [1.0, 0.0, 0.0, 0.0]),
    ("citoglipton", [1.0, 0.0, 0.0, 0.0]),
    ("insulin", [4656.0, 3031.0, 1112.0, 1201.0]),
    ("glyburide-metformin", [9931.0, 68.0, 0.8, 0.6]),
    ("glipizide-metformin", [9999.0, 1.3, 0.0, 0.0]),
    ("glimepiride-pioglitazone", [9999.9, 0.1, 0.0, 0.0]),
    ("metformin-rosiglitazone", [9999.8, 0.2, 0.0, 0.0]),
    ("metformin-pioglitazone", [9999.9, 0.1, 0.0, 0.0]),
];

/// Where insulin stands among the drugs.
pub(super) const INSULIN: usize = 17;

/// Days in hospital, 1 to 14.
pub(super) const DAYS: [f64; 14] =
    [13.96, 16.93, 17.45, 13.68, 9.79, 7.41, 5.76, 4.31, 2.95, 2.30, 1.82, 1.42, 1.19, 1.02];

/// Procedures other than laboratory tests, 0 to 6.
pub(super) const PROCEDURES: [f64; 7] = [45.84, 20.38, 12.50, 9.28, 4.11, 3.02, 4.87];

/// Diagnoses entered, 1 to 16.
pub(super) const DIAGNOSES: [f64; 16] =
    [0.22, 1.01, 2.79, 5.44, 11.20, 9.98, 10.21, 10.43, 48.62, 0.02, 0.01, 0.01, 0.02, 0.01, 0.01, 0.04];
