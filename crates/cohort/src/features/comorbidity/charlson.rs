//! The conditions of the Charlson index.

use super::Condition;

/// Codes: Quan et al. 2005, table 1. Points: of 1987, then of 2011.
pub(super) static CONDITIONS: [Condition; 17] = [
    Condition {
        name: "myocardial infarction",
        nine: "410 412",
        ten: "I21-I22 I252",
        points: [1, 0],
        unless: None,
    },
    Condition {
        name: "congestive heart failure",
        nine: "39891 40201 40211 40291 40401 40403 40411 40413 40491 40493 4254-4259 428",
        ten: "I099 I110 I130 I132 I255 I420 I425-I429 I43 I50 P290",
        points: [1, 2],
        unless: None,
    },
    Condition {
        name: "peripheral vascular disease",
        nine: "0930 4373 440-441 4431-4439 4471 5571 5579 V434",
        ten: "I70-I71 I731 I738-I739 I771 I790 I792 K551 K558-K559 Z958-Z959",
        points: [1, 0],
        unless: None,
    },
    Condition {
        name: "cerebrovascular disease",
        nine: "36234 430-438",
        ten: "G45-G46 H340 I60-I69",
        points: [1, 0],
        unless: None,
    },
    Condition {
        name: "dementia",
        nine: "290 2941 3312",
        ten: "F00-F03 F051 G30 G311",
        points: [1, 2],
        unless: None,
    },
    Condition {
        name: "chronic pulmonary disease",
        nine: "4168-4169 490-505 5064 5081 5088",
        ten: "I278-I279 J40-J47 J60-J67 J684 J701 J703",
        points: [1, 1],
        unless: None,
    },
    Condition {
        name: "rheumatic disease",
        nine: "4465 7100-7104 7140-7142 7148 725",
        ten: "M05-M06 M315 M32-M34 M351 M353 M360",
        points: [1, 1],
        unless: None,
    },
    Condition { name: "peptic ulcer disease", nine: "531-534", ten: "K25-K28", points: [1, 0], unless: None },
    Condition {
        name: "mild liver disease",
        nine: "07022-07023 07032-07033 07044 07054 0706 0709 570-571 5733-5734 5738-5739 V427",
        ten: "B18 K700-K703 K709 K713-K715 K717 K73-K74 K760 K762-K764 K768-K769 Z944",
        points: [1, 2],
        unless: Some("moderate or severe liver disease"),
    },
    Condition {
        name: "diabetes without chronic complication",
        nine: "2500-2503 2508-2509",
        ten: "E100-E101 E106 E108-E109 E110-E111 E116 E118-E119 E120-E121 E126 E128-E129 E130-E131 E136 E138-E139 \
              E140-E141 E146 E148-E149",
        points: [1, 0],
        unless: Some("diabetes with chronic complication"),
    },
    Condition {
        name: "diabetes with chronic complication",
        nine: "2504-2507",
        ten: "E102-E105 E107 E112-E115 E117 E122-E125 E127 E132-E135 E137 E142-E145 E147",
        points: [2, 1],
        unless: None,
    },
    Condition {
        name: "hemiplegia or paraplegia",
        nine: "3341 342-343 3440-3446 3449",
        ten: "G041 G114 G801-G802 G81-G82 G830-G834 G839",
        points: [2, 2],
        unless: None,
    },
    Condition {
        name: "renal disease",
        nine: "40301 40311 40391 40402-40403 40412-40413 40492-40493 582 5830-5837 585-586 5880 V420 V451 V56",
        ten: "I120 I131 N032-N037 N052-N057 N18-N19 N250 Z490-Z492 Z940 Z992",
        points: [2, 1],
        unless: None,
    },
    Condition {
        name: "malignancy",
        nine: "140-172 174-195 200-208 2386",
        ten: "C00-C26 C30-C34 C37-C41 C43 C45-C58 C60-C76 C81-C85 C88 C90-C97",
        points: [2, 2],
        unless: Some("metastatic solid tumor"),
    },
    Condition {
        name: "moderate or severe liver disease",
        nine: "4560-4562 5722-5728",
        ten: "I850 I859 I864 I982 K704 K711 K721 K729 K765-K767",
        points: [3, 4],
        unless: None,
    },
    Condition {
        name: "metastatic solid tumor",
        nine: "196-199",
        ten: "C77-C80",
        points: [6, 6],
        unless: None,
    },
    Condition { name: "AIDS/HIV", nine: "042-044", ten: "B20-B22 B24", points: [6, 4], unless: None },
];
