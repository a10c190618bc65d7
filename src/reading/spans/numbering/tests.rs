//! The `phonenumber` crate is asked the same, number by number.

use std::sync::LazyLock;

use phonenumber::{country, metadata::DATABASE};
use proptest::prelude::*;

use super::{is_international, is_national};

fn crate_knows_international(digits: &str, announced: bool) -> bool {
    phonenumber::parse(None, format!("+{digits}"))
        .is_ok_and(|number| announced || phonenumber::is_valid(&number))
}

fn crate_knows_national(country: country::Id, digits: &str) -> bool {
    phonenumber::parse(Some(country), digits).is_ok_and(|number| phonenumber::is_valid(&number))
}

/// Numbers that the tables give as examples, of every kind and country, each with its country and
/// its code.
static EXAMPLES: LazyLock<Vec<(Option<country::Id>, u16, String)>> = LazyLock::new(|| {
    let mut examples = Vec::new();
    for code in 1..=999 {
        for table in DATABASE.by_code(&code).unwrap_or_default() {
            let all = table.descriptors();
            let kinds = [
                Some(all.general()),
                all.fixed_line(),
                all.mobile(),
                all.toll_free(),
                all.premium_rate(),
                all.shared_cost(),
                all.personal_number(),
                all.voip(),
                all.pager(),
                all.uan(),
                all.emergency(),
                all.voicemail(),
                all.short_code(),
                all.standard_rate(),
                all.no_international(),
            ];
            let home = table.id().parse().ok();
            let numbers = kinds
                .into_iter()
                .flatten()
                .filter_map(|kind| kind.example());
            examples.extend(numbers.map(|number| (home, code, number.to_owned())));
        }
    }
    examples
});

fn ask_both(home: Option<country::Id>, code: u16, national: &str) {
    for digits in [format!("{code}{national}"), format!("{code}0{national}")] {
        for announced in [false, true] {
            assert_eq!(
                is_international(&digits, announced),
                crate_knows_international(&digits, announced),
                "+{digits}"
            );
        }
    }
    let Some(home) = home else { return };
    for prefix in [
        "",
        "0",
        "1",
        "8",
        "06",
        "15",
        "00",
        "011",
        &code.to_string(),
    ] {
        let digits = format!("{prefix}{national}");
        assert_eq!(
            is_national(home, &digits),
            crate_knows_national(home, &digits),
            "{home:?} {digits}"
        );
    }
}

#[test]
fn every_example_of_every_country_is_known_as_the_crate_knows_it() {
    assert!(EXAMPLES.len() > 1000);
    for (home, code, number) in EXAMPLES.iter() {
        ask_both(*home, *code, number);
    }
}

proptest! {
    #[test]
    fn an_example_with_other_digits_in_it_is_known_as_the_crate_knows_it(
        place in any::<prop::sample::Index>(),
        digits in "[0-9]{1,6}",
        at in 0..8_usize,
    ) {
        let (home, code, number) = place.get(&EXAMPLES);
        let kept = number.get(..at).unwrap_or(number);
        let rest = number.get(at + digits.len()..).unwrap_or_default();
        ask_both(*home, *code, &format!("{kept}{digits}{rest}"));
    }

    #[test]
    fn any_digits_are_known_as_the_crate_knows_them(digits in "[0-9]{7,15}", announced: bool) {
        prop_assert_eq!(
            is_international(&digits, announced),
            crate_knows_international(&digits, announced)
        );
        use country::Id::{AR, BR, DE, GB, IT, MX, US};
        for country in [AR, BR, DE, GB, IT, MX, US] {
            prop_assert_eq!(
                is_national(country, &digits),
                crate_knows_national(country, &digits),
                "{:?}", country
            );
        }
    }
}
