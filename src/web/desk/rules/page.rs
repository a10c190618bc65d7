//! What the Rules page shows, as its template has it.

use askama::Template;

use super::{
    desks::{DeskShown, desks},
    tried::Tried,
};
use crate::{
    domain::{account::Role, ids::ChannelName, message::Visibility},
    engine::{ReloadError, RulesStatus},
    rules::{
        Rules,
        explain::{Part, heard, what_holds, words},
    },
    settings::Settings,
    store::rows::{account::AccountRow, desk::Undelivered},
    web::{
        desk::troubles::TroubleCard,
        pages::{
            Frame, Told, Tone,
            times::{Shown, Times},
        },
    },
};

/// The page.
#[derive(Template)]
#[template(path = "desk/rules/page.html")]
pub(super) struct RulesPage {
    frame: Frame,
    /// The rules as sentences.
    parts: Vec<Part>,
    desks: Vec<DeskShown>,
    /// What hinders Ringback from outside.
    troubles: Vec<TroubleCard>,
    undelivered: Vec<Failing>,
    file: FileShown,
    /// The channels that a thread can be tried on.
    channels: Vec<ChannelName>,
    tried: Tried,
}

/// A destination that deliveries were given up for.
struct Failing {
    destination: String,
    /// How many, in words.
    count: String,
    /// Why the newest was.
    reason: String,
    /// When the newest was.
    at: Shown,
}

/// How the rules file stands.
struct FileShown {
    /// Where it is; `None` for whoever need not know.
    path: Option<String>,
    /// There is a file that can be loaded again, and this account may do it.
    can_reload: bool,
    /// The built-in rules hold, since the settings name no file.
    is_built_in: bool,
    version: String,
    loaded_at: Shown,
    /// How many tests the file has, in words.
    tests: String,
    refused: Option<Refused>,
}

/// Why the newest file was not taken.
struct Refused {
    at: Shown,
    message: String,
}

/// What came of the button that was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// Other rules are in force now.
    Loaded,
    /// The file says what was in force before.
    Unchanged,
    /// The file is no good.
    Refused,
}

impl Said {
    /// What an address says of it; anything unknown is nothing.
    pub(super) fn parse(word: &str) -> Option<Self> {
        match word {
            "loaded" => Some(Self::Loaded),
            "unchanged" => Some(Self::Unchanged),
            "refused" => Some(Self::Refused),
            _ => None,
        }
    }

    /// Where the page says so.
    pub(super) const fn page(self) -> &'static str {
        match self {
            Self::Loaded => "/desk/rules?said=loaded",
            Self::Unchanged => "/desk/rules?said=unchanged",
            Self::Refused => "/desk/rules?said=refused",
        }
    }

    fn told(self) -> Told {
        match self {
            Self::Loaded => Told::new(Tone::Good, "The new rules are in force."),
            Self::Unchanged => Told::new(Tone::Note, "The file says what was in force already."),
            Self::Refused => Told::new(
                Tone::Bad,
                "The file was not taken. What is wrong with it stands below.",
            ),
        }
    }
}

/// The rules as they stand.
pub(super) struct Standing<'p> {
    pub(super) settings: &'p Settings,
    pub(super) rules: &'p Rules,
    pub(super) status: RulesStatus,
    pub(super) times: &'p Times,
    /// Everybody who may sign in, or might once.
    pub(super) accounts: &'p [AccountRow],
    /// What hinders Ringback from outside.
    pub(super) troubles: Vec<TroubleCard>,
    /// What no webhook could be told.
    pub(super) undelivered: Vec<Undelivered>,
}

impl RulesPage {
    /// The page for one account.
    pub(super) fn new(
        standing: Standing<'_>,
        frame: Frame,
        tried: Tried,
        said: Option<Said>,
    ) -> Self {
        let rules = standing.rules;
        let channels: Vec<ChannelName> = standing.settings.channels.keys().cloned().collect();
        let mut sentences = what_holds(rules);
        sentences.extend(heard(rules));
        sentences.extend(words(rules));
        Self {
            file: FileShown::new(&standing, role_of(&frame)),
            frame: frame.telling(said.map(Said::told)),
            parts: sentences,
            desks: desks(rules, &channels, standing.accounts),
            troubles: standing.troubles,
            undelivered: standing
                .undelivered
                .into_iter()
                .map(|rows| Failing::new(rows, standing.times))
                .collect(),
            channels,
            tried,
        }
    }

    /// Whether the thread in the box is a public one.
    fn is_public(&self) -> bool {
        self.tried.asked.visibility == Visibility::Public
    }
}

impl Failing {
    fn new(rows: Undelivered, times: &Times) -> Self {
        Self {
            destination: rows.destination,
            count: match rows.count {
                1 => "1 delivery given up".to_owned(),
                count => format!("{count} deliveries given up"),
            },
            reason: rows.reason,
            at: times.ago(rows.at),
        }
    }
}

impl FileShown {
    fn new(standing: &Standing<'_>, role: Role) -> Self {
        let Standing {
            settings,
            rules,
            status,
            times,
            ..
        } = standing;
        let path = settings.rules.as_ref();
        let path = path.map(|path| path.display().to_string());
        let is_admin = role >= Role::Admin;
        let refused = status
            .last_error
            .as_ref()
            .map(|error| Refused::new(error, times, path.as_deref().filter(|_| !is_admin)));
        Self {
            is_built_in: path.is_none(),
            can_reload: is_admin && path.is_some(),
            path: path.filter(|_| is_admin),
            version: status.version.to_string(),
            loaded_at: times.at(status.loaded_at),
            tests: tests(rules.tests.len()),
            refused,
        }
    }
}

impl Refused {
    /// `hidden` is the path that the account need not know.
    fn new(error: &ReloadError, times: &Times, hidden: Option<&str>) -> Self {
        Self {
            at: times.ago(error.at),
            message: match hidden {
                Some(path) => error.message.replace(path, "the rules file"),
                None => error.message.clone(),
            },
        }
    }
}

/// What whoever looks may do; the least for a page that nobody in particular looks at.
fn role_of(frame: &Frame) -> Role {
    frame.who.as_ref().map_or(Role::Agent, |(_, role)| *role)
}

/// Rules whose tests fail are never in force, so these have passed.
fn tests(count: usize) -> String {
    match count {
        0 => "none of its own".to_owned(),
        1 => "1, passed".to_owned(),
        count => format!("{count}, all passed"),
    }
}

#[cfg(test)]
mod tests;
