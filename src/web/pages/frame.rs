//! What stands around a page: who looks at it, where they are, what there is to do, and what came
//! of what they just did.

use super::marks::{Avatar, Icon};
use crate::{
    domain::{account::Role, ids::ShownName},
    store::rows::desk::DeskCounts,
};

/// The part of the desk that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Section {
    /// The callbacks.
    Callbacks,
    /// The threads.
    Threads,
    /// The identity checks.
    Checks,
    /// The rules.
    Rules,
    /// Who did what.
    Audit,
    /// Everybody's accounts.
    Accounts,
    /// The own account.
    Account,
    /// None: signing in, errors.
    Outside,
}

/// What stands around a page. Every page's template has it as `frame`.
#[derive(Debug, Clone)]
pub(in crate::web) struct Frame {
    /// Whose page this is; `None` before sign-in.
    pub(in crate::web) who: Option<(ShownName, Role)>,
    /// Goes into every form as `csrf`.
    pub(in crate::web) csrf: String,
    /// Where we are.
    pub(in crate::web) section: Section,
    /// How much there is to do.
    pub(in crate::web) counts: DeskCounts,
    /// How many identity checks wait; `None` if they are none of the viewer's business.
    pub(in crate::web) checks: Option<u64>,
    /// What came of what was done on the page before.
    pub(in crate::web) told: Option<Told>,
}

/// What came of something, in a sentence. Never holds what a customer wrote: it is read out aloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Told {
    /// Whether it went well.
    pub(in crate::web) tone: Tone,
    /// The sentence.
    pub(in crate::web) words: String,
}

/// How something went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Tone {
    /// As wished.
    Good,
    /// Otherwise, and nobody's fault.
    Note,
    /// It failed.
    Bad,
}

impl Tone {
    /// Its name in the style sheet.
    pub(in crate::web) const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Bad => "bad",
        }
    }
}

impl Told {
    /// That something went so.
    pub(in crate::web) fn new(tone: Tone, words: impl Into<String>) -> Self {
        Self {
            tone,
            words: words.into(),
        }
    }
}

/// One entry of the navigation.
#[derive(Debug)]
pub(in crate::web) struct Place {
    /// Where it leads.
    pub(in crate::web) href: &'static str,
    /// What it is called.
    pub(in crate::web) label: &'static str,
    /// Its drawing.
    pub(in crate::web) icon: &'static str,
    /// The key that leads there, after `g`.
    pub(in crate::web) key: char,
    /// How much there is to do.
    pub(in crate::web) count: u64,
    /// What is counted, for those who hear the page.
    pub(in crate::web) counted: &'static str,
    /// Whether we are there.
    pub(in crate::web) is_here: bool,
}

impl Frame {
    /// Of a page that is shown to nobody in particular.
    pub(in crate::web) const fn outside() -> Self {
        Self {
            who: None,
            csrf: String::new(),
            section: Section::Outside,
            counts: DeskCounts {
                due: 0,
                mine: 0,
                scheduled: 0,
                waiting_on_us: 0,
                notices: 0,
            },
            checks: None,
            told: None,
        }
    }

    /// The same, telling what came of what was done.
    #[must_use]
    pub(in crate::web) fn telling(self, told: Option<Told>) -> Self {
        Self { told, ..self }
    }

    /// Callbacks and notices that somebody should see to.
    pub(in crate::web) const fn to_do(&self) -> u64 {
        self.counts.due + self.counts.notices
    }

    /// What there is to do, in words; read out when it changes.
    pub(in crate::web) fn news(&self) -> String {
        let callbacks = match self.counts.due {
            0 => "No callback due".to_owned(),
            1 => "1 callback due".to_owned(),
            due => format!("{due} callbacks due"),
        };
        match self.counts.notices {
            0 => callbacks,
            1 => format!("{callbacks}, 1 thing needs attention"),
            notices => format!("{callbacks}, {notices} things need attention"),
        }
    }

    /// The navigation.
    pub(in crate::web) fn places(&self) -> Vec<Place> {
        let role = self.who.as_ref().map(|(_, role)| *role);
        let place = |section, href, label, icon, key| Place {
            href,
            label,
            icon,
            key,
            count: 0,
            counted: "",
            is_here: self.section == section,
        };
        let mut places = vec![
            Place {
                count: self.to_do(),
                counted: "to see to",
                ..place(
                    Section::Callbacks,
                    "/desk/callbacks",
                    "Callbacks",
                    "callbacks",
                    'c',
                )
            },
            Place {
                count: self.counts.waiting_on_us,
                counted: "waiting on us",
                ..place(Section::Threads, "/desk/threads", "Threads", "threads", 't')
            },
        ];
        if let Some(count) = self.checks {
            places.push(Place {
                count,
                counted: "to check",
                ..place(Section::Checks, "/desk/checks", "Checks", "lock", 'i')
            });
        }
        if role >= Some(Role::Supervisor) {
            places.push(place(Section::Rules, "/desk/rules", "Rules", "rules", 'r'));
            places.push(place(Section::Audit, "/audit", "Audit", "audit", 'u'));
        }
        if role >= Some(Role::Admin) {
            places.push(place(
                Section::Accounts,
                "/accounts",
                "Accounts",
                "accounts",
                'a',
            ));
        }
        places
    }

    /// Whether this is the own account's page.
    pub(in crate::web) fn is_own_account(&self) -> bool {
        self.section == Section::Account
    }

    /// A drawing of `icons.svg`, for the eye only.
    #[expect(clippy::unused_self, reason = "so that templates need no path")]
    pub(in crate::web) const fn icon(&self, name: &'static str) -> Icon {
        Icon(name)
    }

    /// A person's first letter on a colour of theirs, for the eye only.
    #[expect(clippy::unused_self, reason = "so that templates need no path")]
    pub(in crate::web) const fn avatar<'a>(&self, name: &'a str) -> Avatar<'a> {
        Avatar(name)
    }
}

#[cfg(test)]
mod tests {
    use super::{DeskCounts, Frame, Role, Section, ShownName};

    fn frame(role: Role, counts: DeskCounts) -> Frame {
        Frame {
            who: Some((ShownName::parse("Kim").expect("a name"), role)),
            section: Section::Threads,
            counts,
            ..Frame::outside()
        }
    }

    #[test]
    fn each_role_is_led_only_where_it_may_go() {
        let labels = |role| -> Vec<&str> {
            let places = frame(role, DeskCounts::default()).places();
            places.iter().map(|place| place.label).collect()
        };
        assert_eq!(labels(Role::Agent), ["Callbacks", "Threads"]);
        assert_eq!(
            labels(Role::Supervisor),
            ["Callbacks", "Threads", "Rules", "Audit"]
        );
        assert_eq!(
            labels(Role::Admin),
            ["Callbacks", "Threads", "Rules", "Audit", "Accounts"]
        );
    }

    #[test]
    fn whoever_checks_identities_is_led_there_whatever_their_role() {
        let frame = Frame {
            checks: Some(2),
            ..frame(Role::Agent, DeskCounts::default())
        };
        let places = frame.places();
        let shown: Vec<_> = places
            .iter()
            .map(|place| (place.label, place.count))
            .collect();
        assert_eq!(shown, [("Callbacks", 0), ("Threads", 0), ("Checks", 2)]);
    }

    #[test]
    fn what_is_to_do_reads_as_a_sentence() {
        let news = |due, notices| {
            let counts = DeskCounts {
                due,
                notices,
                ..DeskCounts::default()
            };
            frame(Role::Agent, counts).news()
        };
        assert_eq!(news(0, 0), "No callback due");
        assert_eq!(news(1, 1), "1 callback due, 1 thing needs attention");
        assert_eq!(news(3, 2), "3 callbacks due, 2 things need attention");
    }
}
