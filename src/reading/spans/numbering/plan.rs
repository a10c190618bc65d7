//! One country's numbering plan: libphonenumber's table of it, its patterns ready to run. What the
//! table's entries mean is said in `phonenumber::Metadata`. It must not know other countries.

use std::{borrow::Cow, sync::OnceLock};

use phonenumber::{
    Metadata,
    metadata::{Descriptor, Descriptors},
};
use regex::{Regex, RegexBuilder};

/// One country's numbering plan.
pub(super) struct Plan {
    /// The calling code.
    pub(super) code: u16,
    /// The same as it is dialled.
    dialled_code: String,
    /// What all its numbers have in common.
    general: Kind,
    /// What its numbers of some kind have: mobile, toll free and so on.
    kinds: Vec<Kind>,
    /// How long numbers may be that are dialled within their town.
    local: Lengths,
    /// How long its shortest number is.
    shortest: usize,
    /// What is dialled to leave the country.
    international_prefix: Option<Beginning>,
    /// What is mostly dialled before a number within the country; may be empty.
    national_prefix: &'static str,
    /// All that may be.
    trunk_prefix: Option<Beginning>,
    /// What a number and its trunk prefix become together, where they become something else.
    trunk_rule: Option<&'static str>,
    /// How numbers begin here and in no other country with the same code.
    leading_digits: Option<Beginning>,
}

/// Numbers of some kind.
struct Kind {
    lengths: Lengths,
    begins: Beginning,
}

/// How long numbers may be, one bit a length; empty for any length.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Lengths(u64);

/// How digits may begin.
enum Beginning {
    /// With exactly these.
    Digits(&'static str),
    /// As one of these patterns of the tables says.
    Patterns {
        sources: Vec<&'static str>,
        /// Made ready when first asked: few of all countries' are ever needed.
        ready: OnceLock<Option<Regex>>,
    },
}

impl Plan {
    pub(super) fn new(table: &'static Metadata) -> Self {
        let descriptors = table.descriptors();
        let general = descriptors.general();
        let shortest = general.possible_length().first().copied();
        let international_prefix = table.international_prefix();
        let trunk_prefix = table.national_prefix_for_parsing();
        let leading_digits = table.leading_digits();
        Self {
            code: table.country_code(),
            dialled_code: table.country_code().to_string(),
            general: Kind::of(&[general]),
            kinds: kinds(descriptors),
            local: Lengths::of(general.possible_local_length()),
            shortest: shortest.map_or(0, usize::from),
            international_prefix: international_prefix.map(|all| Beginning::of(all.as_str())),
            national_prefix: table.national_prefix().unwrap_or_default(),
            trunk_prefix: trunk_prefix.map(|all| Beginning::of(all.as_str())),
            trunk_rule: table.national_prefix_transform_rule(),
            leading_digits: leading_digits.map(|all| Beginning::of(all.as_str())),
        }
    }

    /// Whether a number, without code and trunk prefix, is one of this plan's.
    pub(super) fn has(&self, national: &str) -> bool {
        self.general.has(national) && self.kinds.iter().any(|kind| kind.has(national))
    }

    /// Whether a number belongs here and not to another country with the same code.
    pub(super) fn claims(&self, national: &str) -> bool {
        match &self.leading_digits {
            Some(leading) => leading.end(national).is_some(),
            None => self.has(national),
        }
    }

    /// What is left of digits that begin as calls abroad do.
    pub(super) fn without_international_prefix<'a>(&self, digits: &'a str) -> Option<&'a str> {
        let prefix = self.international_prefix.as_ref()?;
        let abroad = digits.get(prefix.end(digits)?..)?;
        (!abroad.starts_with('0')).then_some(abroad)
    }

    /// The digits without this country's code, if they make no number with it.
    pub(super) fn without_code<'a>(&self, digits: &'a str) -> &'a str {
        let is_possible = self.general.lengths.have(digits) || self.local.have(digits);
        match digits.strip_prefix(&self.dialled_code) {
            Some(rest) if !is_possible || !self.general.has(digits) => rest,
            _ => digits,
        }
    }

    /// Whether it is shorter than any number of this plan's.
    pub(super) fn is_too_short(&self, national: &str) -> bool {
        national.len() < self.shortest && !self.local.have(national)
    }

    /// The number without what is dialled before it within the country.
    pub(super) fn without_trunk_prefix<'a>(&self, national: &'a str) -> Cow<'a, str> {
        let prefix = self.national_prefix;
        let without = match &self.trunk_prefix {
            None => Cow::Borrowed(national.strip_prefix(prefix).unwrap_or(national)),
            Some(trunk_prefix) => self.rewritten(trunk_prefix, national),
        };
        // The crate looks twice.
        match without {
            Cow::Borrowed(without) => {
                Cow::Borrowed(without.strip_prefix(prefix).unwrap_or(without))
            }
            Cow::Owned(without) => {
                let shorter = without.strip_prefix(prefix).map(str::to_owned);
                Cow::Owned(shorter.unwrap_or(without))
            }
        }
    }

    /// The number without this trunk prefix, or what the plan's rule makes of both.
    fn rewritten<'a>(&self, prefix: &Beginning, national: &'a str) -> Cow<'a, str> {
        let left = |end: usize| Cow::Borrowed(national.get(end..).unwrap_or_default());
        let Some((pattern, rule)) = prefix.pattern().zip(self.trunk_rule) else {
            return prefix.end(national).map_or(Cow::Borrowed(national), left);
        };
        let Some(found) = pattern.captures(national) else {
            return Cow::Borrowed(national);
        };
        let end = found.get(0).map_or(0, |all| all.end());
        if found.get(found.len() - 1).is_none() {
            return left(end);
        }
        let mut rewritten = String::new();
        found.expand(rule, &mut rewritten);
        rewritten.push_str(national.get(end..).unwrap_or_default());
        if self.general.has(national) && !self.general.has(&rewritten) {
            return Cow::Borrowed(national);
        }
        Cow::Owned(rewritten)
    }
}

/// The kinds of numbers that make one valid, those of the same lengths as one.
fn kinds(descriptors: &'static Descriptors) -> Vec<Kind> {
    let all = [
        descriptors.fixed_line(),
        descriptors.mobile(),
        descriptors.toll_free(),
        descriptors.premium_rate(),
        descriptors.shared_cost(),
        descriptors.voip(),
        descriptors.personal_number(),
        descriptors.pager(),
        descriptors.uan(),
        descriptors.voicemail(),
    ];
    let mut alike: Vec<Vec<&Descriptor>> = Vec::new();
    for kind in all.into_iter().flatten() {
        let lengths = kind.possible_length();
        let same = |other: &Vec<&Descriptor>| {
            other
                .first()
                .is_some_and(|other| other.possible_length() == lengths)
        };
        match alike.iter_mut().find(|others| same(others)) {
            Some(others) => others.push(kind),
            None => alike.push(vec![kind]),
        }
    }
    alike.iter().map(|kinds| Kind::of(kinds)).collect()
}

impl Kind {
    /// Numbers of any of some kinds that are equally long.
    fn of(kinds: &[&'static Descriptor]) -> Self {
        let lengths = kinds.first().map_or(&[][..], |kind| kind.possible_length());
        let patterns = kinds.iter().map(|kind| kind.national_number().as_str());
        Self {
            lengths: Lengths::of(lengths),
            begins: Beginning::of_any(patterns.collect()),
        }
    }

    fn has(&self, national: &str) -> bool {
        (self.lengths.is_any() || self.lengths.have(national))
            && self.begins.end(national).is_some()
    }
}

impl Lengths {
    fn of(lengths: &[u16]) -> Self {
        let bits = lengths.iter().map(|length| bit(usize::from(*length)));
        Self(bits.fold(0, |all, bit| all | bit))
    }

    const fn is_any(self) -> bool {
        self.0 == 0
    }

    fn have(self, digits: &str) -> bool {
        self.0 & bit(digits.len()) != 0
    }
}

fn bit(length: usize) -> u64 {
    u32::try_from(length).map_or(0, |length| 1_u64.checked_shl(length).unwrap_or(0))
}

impl Beginning {
    fn of(pattern: &'static str) -> Self {
        if pattern.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::Digits(pattern)
        } else {
            Self::of_any(vec![pattern])
        }
    }

    const fn of_any(patterns: Vec<&'static str>) -> Self {
        Self::Patterns {
            sources: patterns,
            ready: OnceLock::new(),
        }
    }

    /// Where it ends, if digits begin so.
    fn end(&self, digits: &str) -> Option<usize> {
        match self {
            Self::Digits(beginning) => digits.starts_with(beginning).then_some(beginning.len()),
            Self::Patterns { .. } => self.pattern()?.find(digits).map(|found| found.end()),
        }
    }

    /// The patterns as one, which looks at the beginning only.
    fn pattern(&self) -> Option<&Regex> {
        let Self::Patterns { sources, ready } = self else {
            return None;
        };
        let made = ready.get_or_init(|| {
            // The tables lay long patterns out over many lines.
            RegexBuilder::new(&format!("^(?:{})", sources.join("|")))
                .ignore_whitespace(true)
                .unicode(false)
                .build()
                .ok()
        });
        made.as_ref()
    }
}
