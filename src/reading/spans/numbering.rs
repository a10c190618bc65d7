//! Which digits are a phone number, and of which country, by libphonenumber's tables.
//!
//! The `phonenumber` crate has the tables and reads numbers by them, but keeps no more than a
//! hundred of its thousands of patterns ready, behind one lock that all threads wait for. Here a
//! country's patterns are made ready when first asked for, and kept. Must answer exactly as the
//! crate does: its tests ask both.

mod plan;

use std::{borrow::Cow, sync::LazyLock};

use phonenumber::{country, metadata::DATABASE};
use rustc_hash::FxHashMap;

use plan::Plan;

/// Whether digits that begin with a country's code are a number of that country. Where a phone
/// word announces them, that the country exists is enough.
pub(super) fn is_international(digits: &str, announced: bool) -> bool {
    let Some(number) = PLANS.split_code(digits) else {
        return false;
    };
    let within = PLANS.within(number.code, number.national.trim_start_matches('0'));
    let number = match within {
        Some(plan) => number.without_trunk_prefix(plan),
        None => number,
    };
    number.is_complete() && (announced || PLANS.is_valid(&number))
}

/// Whether digits, as they are dialled in a country, are a number of it.
pub(super) fn is_national(country: country::Id, digits: &str) -> bool {
    let Some(plan) = PLANS.of(country) else {
        return false;
    };
    let number = match plan.without_international_prefix(digits) {
        Some(abroad) => PLANS.split_code(abroad),
        None => Some(Number {
            code: plan.code,
            national: Cow::Borrowed(plan.without_code(digits)),
        }),
    };
    number.is_some_and(|number| {
        let number = number.without_trunk_prefix(plan);
        number.is_complete() && PLANS.is_valid(&number)
    })
}

/// A number taken apart.
struct Number<'a> {
    /// The country's calling code.
    code: u16,
    /// What follows it.
    national: Cow<'a, str>,
}

impl<'a> Number<'a> {
    /// The number without what is dialled before it within its country only, unless too little is
    /// left.
    fn without_trunk_prefix(self, plan: &Plan) -> Self {
        let national = plan.without_trunk_prefix(&self.national);
        if plan.is_too_short(&national) {
            return self;
        }
        Self {
            national: Cow::Owned(national.into_owned()),
            ..self
        }
    }

    /// Whether it is as long as any number, and not zeros alone.
    fn is_complete(&self) -> bool {
        (2..=17).contains(&self.national.len()) && self.national.bytes().any(|digit| digit != b'0')
    }
}

/// The plans of all countries.
struct Plans {
    /// By calling code. Of several countries with one code, the main one comes first.
    by_code: FxHashMap<u16, Vec<Plan>>,
    /// Where the plan of a country stands: its code, and the place among those with that code.
    by_country: FxHashMap<&'static str, (u16, usize)>,
}

static PLANS: LazyLock<Plans> = LazyLock::new(|| {
    let mut plans = Plans {
        by_code: FxHashMap::default(),
        by_country: FxHashMap::default(),
    };
    for code in 1..=999 {
        let tables = DATABASE.by_code(&code).unwrap_or_default();
        for (place, table) in tables.iter().enumerate() {
            plans.by_country.insert(table.id(), (code, place));
        }
        if !tables.is_empty() {
            let tables = tables.into_iter().map(Plan::new);
            plans.by_code.insert(code, tables.collect());
        }
    }
    plans
});

impl Plans {
    fn of(&self, country: country::Id) -> Option<&Plan> {
        let (code, place) = self.by_country.get(country.as_ref())?;
        self.by_code.get(code)?.get(*place)
    }

    /// Splits the shortest code that any country has off the beginning.
    fn split_code<'a>(&self, digits: &'a str) -> Option<Number<'a>> {
        (1..=3).find_map(|length| {
            let (code, national) = digits.split_at_checked(length)?;
            let code = code.parse().ok()?;
            let national = Cow::Borrowed(national);
            let exists = !digits.starts_with('0') && self.by_code.contains_key(&code);
            exists.then_some(Number { code, national })
        })
    }

    /// The plan, of those with this code, that a number belongs to.
    fn within(&self, code: u16, national: &str) -> Option<&Plan> {
        match self.by_code.get(&code)?.as_slice() {
            [only] => Some(only),
            several => several.iter().find(|plan| plan.claims(national)),
        }
    }

    fn is_valid(&self, number: &Number<'_>) -> bool {
        self.within(number.code, &number.national)
            .is_some_and(|plan| plan.has(&number.national))
    }
}

#[cfg(test)]
mod tests;
