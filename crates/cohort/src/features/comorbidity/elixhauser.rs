//! The conditions of the Elixhauser index.

use super::Condition;

const fn condition(name: &'static str, points: i8, nine: &'static str, ten: &'static str) -> Condition {
    Condition { name, nine, ten, points: [points; 2], unless: None }
}

const fn milder(condition: Condition, graver: &'static str) -> Condition {
    Condition { unless: Some(graver), ..condition }
}

/// Codes: Quan et al. 2005, table 2. Points: van Walraven et al. 2009.
pub(super) static CONDITIONS: [Condition; 31] = [
    condition(
        "congestive heart failure",
        7,
        "39891 40201 40211 40291 40401 40403 40411 40413 40491 40493 4254-4259 428",
        "I099 I110 I130 I132 I255 I420 I425-I429 I43 I50 P290",
    ),
    condition(
        "cardiac arrhythmias",
        5,
        "4260 42610 42612-42613 4267 4269 4270-4274 4276-4279 7850 99601 99604 V450 V533",
        "I441-I443 I456 I459 I47-I49 R000-R001 R008 T821 Z450 Z950",
    ),
    condition(
        "valvular disease",
        -1,
        "0932 394-397 424 7463-7466 V422 V433",
        "A520 I05-I08 I091 I098 I34-I39 Q230-Q233 Z952-Z954",
    ),
    condition("pulmonary circulation disorders", 4, "4150-4151 416 4170 4178-4179", "I26-I27 I280 I288-I289"),
    condition(
        "peripheral vascular disorders",
        2,
        "0930 4373 440-441 4431-4439 4471 5571 5579 V434",
        "I70-I71 I731 I738-I739 I771 I790 I792 K551 K558-K559 Z958-Z959",
    ),
    milder(condition("hypertension, uncomplicated", 0, "401", "I10"), "hypertension, complicated"),
    condition("hypertension, complicated", 0, "402-405", "I11-I13 I15"),
    condition("paralysis", 7, "3341 342-343 3440-3446 3449", "G041 G114 G801-G802 G81-G82 G830-G834 G839"),
    condition(
        "other neurological disorders",
        6,
        "3319 3320-3321 3334-3335 33392 334-335 3362 340-341 345 3481 3483 7803 7843",
        "G10-G13 G20-G22 G254-G255 G312 G318-G319 G32 G35-G37 G40-G41 G931 G934 R470 R56",
    ),
    condition(
        "chronic pulmonary disease",
        3,
        "4168-4169 490-505 5064 5081 5088",
        "I278-I279 J40-J47 J60-J67 J684 J701 J703",
    ),
    milder(
        condition(
            "diabetes, uncomplicated",
            0,
            "2500-2503",
            "E100-E101 E109 E110-E111 E119 E120-E121 E129 E130-E131 E139 E140-E141 E149",
        ),
        "diabetes, complicated",
    ),
    condition("diabetes, complicated", 0, "2504-2509", "E102-E108 E112-E118 E122-E128 E132-E138 E142-E148"),
    condition("hypothyroidism", 0, "2409 243-244 2461 2468", "E00-E03 E890"),
    condition(
        "renal failure",
        5,
        "40301 40311 40391 40402-40403 40412-40413 40492-40493 585-586 5880 V420 V451 V56",
        "I120 I131 N18-N19 N250 Z490-Z492 Z940 Z992",
    ),
    condition(
        "liver disease",
        11,
        "07022-07023 07032-07033 07044 07054 0706 0709 4560-4562 570-571 5722-5728 5733-5734 5738-5739 V427",
        "B18 I85 I864 I982 K70 K711 K713-K715 K717 K72-K74 K760 K762-K769 Z944",
    ),
    condition(
        "peptic ulcer disease without bleeding",
        0,
        "5317 5319 5327 5329 5337 5339 5347 5349",
        "K257 K259 K267 K269 K277 K279 K287 K289",
    ),
    condition("AIDS/HIV", 0, "042-044", "B20-B22 B24"),
    condition("lymphoma", 9, "200-202 2030 2386", "C81-C85 C88 C96 C900 C902"),
    condition("metastatic cancer", 12, "196-199", "C77-C80"),
    milder(
        condition(
            "solid tumor without metastasis",
            4,
            "140-172 174-195",
            "C00-C26 C30-C34 C37-C41 C43 C45-C58 C60-C76 C97",
        ),
        "metastatic cancer",
    ),
    condition(
        "rheumatoid arthritis and collagen vascular diseases",
        0,
        "446 7010 7100-7104 7108-7109 7112 714 7193 720 725 7285 72889 72930",
        "L940-L941 L943 M05-M06 M08 M120 M123 M30 M310-M313 M32-M35 M45 M461 M468-M469",
    ),
    condition("coagulopathy", 3, "286 2871 2873-2875", "D65-D68 D691 D693-D696"),
    condition("obesity", -4, "2780", "E66"),
    condition("weight loss", 6, "260-263 7832 7994", "E40-E46 R634 R64"),
    condition("fluid and electrolyte disorders", 5, "2536 276", "E222 E86-E87"),
    condition("blood loss anemia", -2, "2800", "D500"),
    condition("deficiency anemia", -2, "2801-2809 281", "D508-D509 D51-D53"),
    condition(
        "alcohol abuse",
        0,
        "2652 2911-2913 2915-2919 3030 3039 3050 3575 4255 5353 5710-5713 980 V113",
        "F10 E52 G621 I426 K292 K700 K703 K709 T51 Z502 Z714 Z721",
    ),
    condition("drug abuse", -7, "292 304 3052-3059 V6542", "F11-F16 F18-F19 Z715 Z722"),
    condition(
        "psychoses",
        0,
        "2938 295 29604 29614 29644 29654 297-298",
        "F20 F22-F25 F28-F29 F302 F312 F315",
    ),
    condition("depression", -3, "2962-2963 2965 3004 309 311", "F204 F313-F315 F32-F33 F341 F412 F432"),
];
