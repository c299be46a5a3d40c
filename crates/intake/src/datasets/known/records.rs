//! Data sets of records: events, and tables that become events.

use super::super::{DataFile, Dataset};
use super::notes;

const fn records(
    name: &'static str,
    title: &'static str,
    licence: &'static str,
    citation: &'static str,
    origin: &'static str,
    files: &'static [DataFile],
) -> Dataset {
    Dataset { name, title, licence, citation, origin, archive: None, files, columns: &[] }
}

/// Hourly tables of intensive care.
pub(super) const ICU: Dataset = records(
    "yaib_demo",
    "Intensive-care stays of the open demonstrations of eICU and MIMIC-III, hour by hour",
    "ODbL 1.0",
    "van de Water R, Schmidt H, Elbers P, et al. Yet Another ICU Benchmark. ICLR 2024; Johnson A, Pollard T, Badawi O, Raffa J. \
     eICU Collaborative Research Database Demo. doi:10.13026/4mxk-na84; Johnson A, Pollard T, Mark R. MIMIC-III Clinical \
     Database Demo. doi:10.13026/C2HM2Q",
    "https://github.com/rvandewater/YAIB",
    &[
        notes(
            "mortality24/eicu_demo/dyn.parquet",
            "6f5d2f7f98e80f9e7b104021a01628902f8b5affa590fe1f06e2e9e968c4c9d2",
        ),
        notes(
            "mortality24/eicu_demo/sta.parquet",
            "425a3c2e3893deded0050a8e69f3cabc2fddc5454be8d0bc682a08e644057fcd",
        ),
        notes(
            "mortality24/eicu_demo/outc.parquet",
            "d4c75c926dbfd11eb81a36077d60b498565515eca4f4a914903c2f4ecf3c848f",
        ),
        notes(
            "mortality24/mimic_demo/dyn.parquet",
            "a2d3e49e1d05838b7c1e89dc5113254eccc444e548f57880426a01e05f1eaf06",
        ),
        notes(
            "mortality24/mimic_demo/sta.parquet",
            "8db5dffe4e78f273b8b1368f2c4dcbf32d83090c5b44fc1af02842486126804d",
        ),
        notes(
            "mortality24/mimic_demo/outc.parquet",
            "8b2321c21ae64be8f07c4fa2b6a8665cba197daddf3564d06764ad9c72642ff7",
        ),
        notes(
            "aki/eicu_demo/dyn.parquet",
            "92463b98ea8a9a34e0969afc46bfcd192b865caac354c1d301487d6a5e48e0d5",
        ),
        notes(
            "aki/eicu_demo/sta.parquet",
            "3d16ff03db4d9c8f639622ecbba6a73b27928beddf93062101bedd47911b3864",
        ),
        notes(
            "aki/eicu_demo/outc.parquet",
            "cfe238085f74b59f116fe7d8936796360c459f3bbb51d703e9f908e732c58aec",
        ),
        notes(
            "aki/mimic_demo/dyn.parquet",
            "a1befdb0f96455c6f0eb15f9a63d657c20d782bce455108b9c4ce2244646fb87",
        ),
        notes(
            "aki/mimic_demo/sta.parquet",
            "4b949b315c0e59869389f08515375501fd8c5bd0fc11a2833cd223dfc5ebdd27",
        ),
        notes(
            "aki/mimic_demo/outc.parquet",
            "ae6d27dd6675b4a8a741bbf856b28c63dfe03c5a758126be6ab8cfa6c976254e",
        ),
        notes(
            "sepsis/eicu_demo/dyn.parquet",
            "1e3a4e4312377bea688181681dc8eb196dc4518336bf231b90c55bab74d6c075",
        ),
        notes(
            "sepsis/eicu_demo/sta.parquet",
            "4e11fe8576ff38ba5cd64a809012c08f5e275eb057ad263b13ac3a37b72b2ecc",
        ),
        notes(
            "sepsis/eicu_demo/outc.parquet",
            "9f3dbe94ad534df410f0ecdab8a874aba720c6fef6f4492b64b7879426d7c6f4",
        ),
        notes(
            "sepsis/mimic_demo/dyn.parquet",
            "5010560681f66687431723c515732eda5856e420bbca4eacd225d7193ff3784a",
        ),
        notes(
            "sepsis/mimic_demo/sta.parquet",
            "bd5492d940992363666c9f53db0345926370f76025a3cbdc31f80f90146285cc",
        ),
        notes(
            "sepsis/mimic_demo/outc.parquet",
            "4c3f2f6eeea26f47f8a9f9d29e761f1592abdb9c8fd925fbcc1e749f31ae6e01",
        ),
        notes(
            "kidney_function/eicu_demo/dyn.parquet",
            "1b3925bbb2137d160574549d3cc8c1a5df8d5b4e326832d53d80deba0ce68bd9",
        ),
        notes(
            "kidney_function/eicu_demo/sta.parquet",
            "38ab25a0a26995bcbdbe1df33845a18b70eddeb21ed4d8c8d893b4d1c1e2f4e4",
        ),
        notes(
            "kidney_function/eicu_demo/outc.parquet",
            "eac2b45b7431032f89380bb17d30c9f1da9f33b3d635405429fe1ffa18ac7d7d",
        ),
        notes(
            "kidney_function/mimic_demo/dyn.parquet",
            "817aa6bcbe1210d8afe6f8183b9ac6c1b463471f520e35dadc84ef0c75924fa7",
        ),
        notes(
            "kidney_function/mimic_demo/sta.parquet",
            "e2bfff302769f698417306c923836244eff19d196941615ed66f4e41f5280fbd",
        ),
        notes(
            "kidney_function/mimic_demo/outc.parquet",
            "badc6ffa129df11b14ea41f0a7bbbe259936a6b65d0a8b1746a506508474bc7c",
        ),
        notes(
            "los/eicu_demo/dyn.parquet",
            "347e5058469581bbc03fc3715c02cad103b1420086021a1a44266b618204397c",
        ),
        notes(
            "los/eicu_demo/sta.parquet",
            "dfa01d72a78bafbeb363f9c7657cf895f9884ed46643ebfee810ca59e14bdfd5",
        ),
        notes(
            "los/eicu_demo/outc.parquet",
            "002956d9d597a67fbc98d122da204218488cb177da18e2668034168fec673dd2",
        ),
        notes(
            "los/mimic_demo/dyn.parquet",
            "87824d010c5fa6196b012423ef58b798aedae0a0d1db0fabdb237dafb6b88a99",
        ),
        notes(
            "los/mimic_demo/sta.parquet",
            "46bada44793376e99a464251ceb151e9c40731ceb999a7e5c10ed754770f2991",
        ),
        notes(
            "los/mimic_demo/outc.parquet",
            "3521bd2d7dac041d98aeb3b9f6175be68b50e341974e80b9b5483abc95b1462c",
        ),
    ],
);

/// Tables of the OMOP Common Data Model.
pub(super) const OMOP: Dataset = records(
    "omop_gibleed",
    "OMOP tables of 2,694 synthetic patients with gastrointestinal bleeding (Eunomia)",
    "Apache-2.0",
    "OHDSI. Eunomia: a standard dataset in the OMOP Common Data Model, GiBleed",
    "https://github.com/OHDSI/EunomiaDatasets",
    &[
        notes("person.csv", "3716b41ffa3c80b034d0226248b3f9114f88a1a9d1f56bcce2d0f32ca75a6c14"),
        notes("observation_period.csv", "c8c338d6d48e93691b68b941ffbed116033b184a0e662462f152aec895ec026c"),
        notes("visit_occurrence.csv", "753425c4bd79a70166f13a35ca7873c362d05b3fee303b6667098dd7dcd50f68"),
        notes("visit_detail.csv", "3d403cf8653fb1f1f62003cb4e92bc29db086c8172c5e702266fae497c48e659"),
        notes("condition_occurrence.csv", "ee725bb282f59b41a22f8212543873e201c55863f6f7b6e85429bf274a771905"),
        notes("drug_exposure.csv", "63d839075948d04359b19cce64201b9355c68e96327edf6fc8f1a25d6c4d9af3"),
        notes("procedure_occurrence.csv", "cd71df770891c3eee1304d30ab856990954083658d083904d018fe7d0ca79cf3"),
        notes("measurement.csv", "88525b6bd7630474c8bbb8a4cc56bd3585303f35530dcc2a3a9a0e7e5eadbdf8"),
        notes("observation.csv", "d3ad30be6705c2863acd6d980a41ea38718d258ebfe17f328504083937116f6e"),
        notes("device_exposure.csv", "c5944c2120261d057cd9b12d00e588565e04a8dfb183499c450ffadc2c6c952e"),
        notes("death.csv", "5752dc722f6888f450c3859b51c1ecc265933ca8607436edd1b19b9b2cc37158"),
        notes("concept.csv", "a5b771aef273c6608ee0e9e9eee66781d96b317d86c93e0b1ea5e5bb189be673"),
        notes("concept_ancestor.csv", "843a2438d0c6050aefa956997ae7329c26202044502a3bf9ba74a6a5f0845b51"),
        notes("concept_relationship.csv", "b281b2620109ee346c4e97983877892adc9d68a1bf34b92ea49dfa47ce00d94c"),
    ],
);

/// Events in the MEDS format.
pub(super) const MIMIC4: Dataset = records(
    "mimic4_demo_meds",
    "MIMIC-IV demonstration 2.2 as events: 100 hospital patients",
    "ODbL 1.0",
    "Johnson A, Bulgarelli L, Pollard T, Horng S, Celi LA, Mark R. MIMIC-IV Clinical Database Demo 2.2. doi:10.13026/dp1f-ex47",
    "https://physionet.org/content/mimic-iv-demo-meds/",
    &[notes(
        "mimic_iv_demo_meds_events.parquet",
        "b75d03c69b58beb8e619525ea0051869f63c8340a3557d87ec0f04db33c13439",
    )],
);
