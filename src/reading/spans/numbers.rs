//! Groups of digits and the runs they form: the shapes that cards, phones and ids share.
//!
//! A **group** is digits that touch each other. A **run** is groups with nothing but separators
//! between them: at most five characters, spaces and at most two dots or dashes. A new line ends a
//! run, and so do a comma, a slash and any word.

use super::folded::Folded;

/// Digits that touch each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Group {
    /// How many digits.
    pub(super) fn len(self) -> usize {
        self.end - self.start
    }
}

/// The runs of a text.
pub(super) fn runs(folded: &Folded) -> Vec<Vec<Group>> {
    let mut runs: Vec<Vec<Group>> = Vec::new();
    if !folded.has_digit {
        return runs;
    }
    let mut at = 0;
    while at < folded.len() {
        let start = folded.after(at, |byte| !byte.is_ascii_digit());
        let end = folded.after(start, |byte| byte.is_ascii_digit());
        if start < end {
            let group = Group { start, end };
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(|last| joins(folded, *last, group)) => {
                    run.push(group);
                }
                _ => runs.push(vec![group]),
            }
        }
        at = end;
    }
    runs
}

/// What stands between two groups.
pub(super) fn gap<'a>(folded: &'a Folded, left: &Group, right: &Group) -> &'a str {
    folded.slice(left.end, right.start)
}

fn joins(folded: &Folded, left: Group, right: Group) -> bool {
    let gap = gap(folded, &left, &right);
    gap.len() <= 5
        && gap.bytes().all(|byte| matches!(byte, b' ' | b'-' | b'.'))
        && gap.bytes().filter(|byte| *byte != b' ').count() <= 2
}

/// The stretch from the first to the last of some groups.
pub(super) fn bounds(groups: &[Group]) -> Option<(usize, usize)> {
    Some((groups.first()?.start, groups.last()?.end))
}

/// How many digits some groups have together.
pub(super) fn count(groups: &[Group]) -> usize {
    groups.iter().map(|group| group.len()).sum()
}

/// Whether groups have exactly these lengths, with the same separator throughout.
pub(super) fn is_shaped(folded: &Folded, groups: &[Group], lengths: &[usize]) -> bool {
    groups.len() == lengths.len()
        && groups
            .iter()
            .zip(lengths)
            .all(|(group, length)| group.len() == *length)
        && has_one_separator(folded, groups)
}

/// Whether the same separator stands between all groups.
pub(super) fn has_one_separator(folded: &Folded, groups: &[Group]) -> bool {
    let mut gaps = groups
        .iter()
        .zip(groups.iter().skip(1))
        .map(|(left, right)| gap(folded, left, right));
    let first = gaps.next();
    gaps.all(|gap| Some(gap) == first)
}

/// The Luhn check (ISO/IEC 7812-1, annex B): the crates that offer it add nothing to these lines.
pub(super) fn is_luhn_valid(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}
