//! A saved encoder that was changed is refused, not believed.

use bedside_impute::{EncodeSettings, Encoder, EncoderParts, ImputeError, Level, Rare, Record};
use bedside_table::Table;

use crate::table::{category, number, split};

fn parts() -> EncoderParts {
    let whole = Table::new(
        5,
        vec![
            number("age", &[Some(60.0), None, Some(71.0), Some(55.0), None]),
            category("unit", &[Some("a"), Some("b"), Some("b"), None, None]),
        ],
    )
    .unwrap();
    let settings = EncodeSettings { rare: Rare::Count(2), ..EncodeSettings::default() };
    settings.check().unwrap().fit(&split(&whole, 4).0).unwrap().parts().clone()
}

#[test]
fn an_untouched_encoder_comes_back() {
    assert_eq!(Encoder::from_parts(parts()).unwrap().parts(), &parts());
}

#[test]
fn each_contradiction_is_refused() {
    fn number(parts: &mut EncoderParts) -> &mut bedside_impute::NumberRecord {
        let Record::Number(number) = &mut parts.predictors[0].record else { panic!("age is a number") };
        number
    }
    fn levels(parts: &mut EncoderParts) -> &mut bedside_impute::LevelRecord {
        let Record::Levels(levels) = &mut parts.predictors[1].record else { panic!("unit is a category") };
        levels
    }
    type Damage = fn(&mut EncoderParts);
    let damages: [(&str, Damage); 10] = [
        ("a number is not finite", |p| number(p).fill = f64::NAN),
        ("a number is not finite", |p| number(p).centre = f64::INFINITY),
        ("the scale is not above 0", |p| number(p).scale = 0.0),
        ("more gaps than training rows", |p| p.predictors[0].missing = 5),
        ("it is listed twice", |p| p.predictors[1].name = "age".into()),
        ("levels do not ascend by name", |p| {
            levels(p).kept.insert(0, Level { name: "z".into(), rows: 1 });
        }),
        ("a level is both kept and rare", |p| levels(p).rare = levels(p).kept.clone()),
        ("the most frequent level is not listed", |p| levels(p).most_frequent = Some("q".into())),
        ("no level is listed", |p| levels(p).most_frequent = None),
        ("the reference level is not listed", |p| levels(p).reference = Some("q".into())),
    ];
    for (expected, damage) in damages {
        let mut parts = parts();
        damage(&mut parts);
        match Encoder::from_parts(parts) {
            Err(ImputeError::Damaged { problem, .. }) => assert_eq!(problem, expected),
            other => panic!("expected `{expected}`, found {other:?}"),
        }
    }
}
