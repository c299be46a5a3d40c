//! The list.

use super::{DataFile, Dataset};

mod records;

const fn table(name: &'static str, rows: usize, sha256: &'static str) -> DataFile {
    DataFile { name, sha256, rows: Some(rows) }
}

const fn notes(name: &'static str, sha256: &'static str) -> DataFile {
    DataFile { name, sha256, rows: None }
}

/// Every data set that is known by name.
pub static DATASETS: &[Dataset] = &[
    Dataset {
        name: "diabetes130",
        title: "Inpatient encounters of people with diabetes, 130 US hospitals, 1999-2008",
        licence: "CC BY 4.0",
        citation: "Strack B, DeShazo JP, Gennings C, et al. Impact of HbA1c measurement on hospital readmission rates. \
                   BioMed Research International 2014:781670. doi:10.1155/2014/781670; data doi:10.24432/C5230J",
        origin: "https://archive.ics.uci.edu/dataset/296",
        archive: Some(
            "https://archive.ics.uci.edu/static/public/296/diabetes+130-us+hospitals+for+years+1999-2008.zip",
        ),
        files: &[
            table(
                "diabetic_data.csv",
                101_766,
                "0689e7ec031237dc63031b938805c48377748761a3b26acab621567afa24df97",
            ),
            notes("IDs_mapping.csv", "f1bb82b471cb34649352597572c9b1fb00bd27f77b9f5a22a03dc3eb1039749e"),
        ],
        columns: &[],
    },
    Dataset {
        name: "support2",
        title: "Seriously ill hospitalised adults, five US centres, 1989-1994",
        licence: "public, Vanderbilt University Department of Biostatistics",
        citation: "Knaus WA, Harrell FE, Lynn J, et al. The SUPPORT prognostic model. Annals of Internal Medicine \
                   1995;122:191-203. doi:10.7326/0003-4819-122-3-199502010-00007",
        origin: "https://archive.ics.uci.edu/dataset/880",
        archive: None,
        files: &[table(
            "support2.csv",
            9105,
            "4f7dfcfb0d702401adfd0fa47702ed18fdd4dfe37acd0bcf1055acb7df007a1b",
        )],
        columns: &[],
    },
    Dataset {
        name: "heart_disease",
        title: "Coronary disease at four sites: Cleveland, Hungary, Switzerland, VA Long Beach",
        licence: "CC BY 4.0",
        citation: "Janosi A, Steinbrunn W, Pfisterer M, Detrano R. Heart Disease. UCI Machine Learning Repository 1989. \
                   doi:10.24432/C52P4X",
        origin: "https://archive.ics.uci.edu/dataset/45",
        archive: None,
        files: &[
            table(
                "processed.cleveland.data",
                303,
                "0ad84ed1809abe7206420c0c45d77153fb82b85bbb20a2de3d34c6be1696915c",
            ),
            table(
                "processed.hungarian.data",
                294,
                "b7e2781a582917c782f906d079efd9d8994fbbfaa8bd50cce0dbdfc529502551",
            ),
            table(
                "processed.switzerland.data",
                123,
                "75fa4ed7943b891bc232fd36363c83a00d52c7cd3edaffae17ec99036d7021a5",
            ),
            table(
                "processed.va.data",
                200,
                "9a439dc875370c855c1b9c4f8f53f07a4356534f309648948d4f5d0425b5b0c4",
            ),
            notes("heart-disease.names", "ec7ed5aa4ed8321097808f47b836301c2a0c36f3bb09c40b8b43b622363e6b61"),
        ],
        columns: &[
            "age", "sex", "cp", "trestbps", "chol", "fbs", "restecg", "thalach", "exang", "oldpeak", "slope",
            "ca", "thal", "num",
        ],
    },
    Dataset {
        name: "survival",
        title: "Four studies of survival: GBSG2, WHAS500, veteran, ACTG320",
        licence: "published study data, as distributed with scikit-survival",
        citation: "Schumacher M, et al. J Clin Oncol 1994;12:2086-93 (GBSG2); Hosmer DW, Lemeshow S, May S. Applied \
                   Survival Analysis, 2nd ed., 2008 (WHAS500, ACTG320); Kalbfleisch JD, Prentice RL. The Statistical \
                   Analysis of Failure Time Data, 2002 (veteran)",
        origin: "https://github.com/sebp/scikit-survival",
        archive: None,
        files: &[
            table("GBSG2.arff", 686, "8c1ba1df4d80216b58695d6bbc9f51284664ab37124e101d56df089851645b04"),
            table("actg320.arff", 1151, "f0613690853c36fc7b9b936cfae4c95ba460b64df1989cc1ccc126b729eae455"),
            table("veteran.arff", 137, "71dbc9e235f3cc2ed10b3a254e39f985c092346d1c845736ed21b13fbe263456"),
            table("whas500.arff", 500, "f64040c91398875137822eca306a927208df6896808cd9764af7065722fa53d6"),
        ],
        columns: &[],
    },
    records::ICU,
    records::OMOP,
    records::MIMIC4,
];
