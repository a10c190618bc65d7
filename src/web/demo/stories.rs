//! The stories, each line with what it shows. The page lists them for whoever plays by hand,
//! and the script plays that list.

/// A thread from its first line to its end.
#[derive(Debug)]
pub(super) struct Story {
    /// Its name in the page.
    pub(super) id: &'static str,
    /// What the button says.
    pub(super) title: &'static str,
    /// What happens, in order.
    pub(super) steps: &'static [Step],
}

/// One thing that happens.
#[derive(Debug)]
pub(super) struct Step {
    /// What is done.
    pub(super) does: Does,
    /// What it shows, for those who watch.
    pub(super) shows: &'static str,
}

/// What is done in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// The customer writes this in the chat.
    Customer(&'static str),
    /// The agent answers this on the desk.
    Agent(&'static str),
    /// The desk shows the page at this address.
    Look(&'static str),
}

/// All there are.
pub(super) const STORIES: &[Story] = &[
    Story {
        id: "callback",
        title: "it ends in a callback",
        steps: &[
            Step {
                does: Does::Customer("Hello, my bill is wrong."),
                shows: "A customer asks. Exchange 1 of 3: on the desk the thread waits on us.",
            },
            Step {
                does: Does::Agent("You can see each item under Account, Bills."),
                shows: "An agent answers. That was exchange 2: one more that is not a thank-you, \
                        and somebody should ring.",
            },
            Step {
                does: Does::Customer("That is not what I asked. Why am I charged twice?"),
                shows: "The customer comes back. Third exchange, and no thank-you: text has \
                        stopped helping, so somebody should ring.",
            },
            Step {
                does: Does::Look("/desk/callbacks"),
                shows: "Here is the callback. Whoever takes it knows who, what and why before \
                        dialling. Your turn: claim it, or keep typing.",
            },
        ],
    },
    Story {
        id: "thanks",
        title: "it ends in thanks",
        steps: &[
            Step {
                does: Does::Customer("Hi, how do I get a copy of my invoice?"),
                shows: "A customer asks. Exchange 1 of 3: on the desk the thread waits on us.",
            },
            Step {
                does: Does::Agent("You find it under Account, Invoices."),
                shows: "An agent answers. That was exchange 2.",
            },
            Step {
                does: Does::Customer("Found it, thank you very much!"),
                shows: "Third exchange, and it is a thank-you: the case is solved. Nobody needs \
                        to ring, and nobody needs to close anything.",
            },
            Step {
                does: Does::Look("/desk/threads?state=solved"),
                shows: "The thread is among the solved ones. If the customer comes back with \
                        \u{201c}it still does not work\u{201d}, the same case goes on. Try it.",
            },
        ],
    },
    Story {
        id: "form",
        title: "it needs an identity check",
        steps: &[
            Step {
                does: Does::Customer("I have moved, please change my address."),
                shows: "This cannot be done for just anybody. Ringback says so up front and offers \
                        a call or a secure form, so that nobody types it into the chat.",
            },
            Step {
                does: Does::Look("/desk/checks"),
                shows: "Your turn: open the form in the chat and fill it in with made-up answers. \
                        They arrive here sealed; who may check them sees them for a minute.",
            },
        ],
    },
];

impl Does {
    /// Its name for the script.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Customer(_) => "customer",
            Self::Agent(_) => "agent",
            Self::Look(_) => "look",
        }
    }

    /// What is written, or the address that is looked at.
    pub(super) const fn what(self) -> &'static str {
        match self {
            Self::Customer(text) | Self::Agent(text) => text,
            Self::Look(address) => address,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Does, STORIES, Story};
    use crate::{
        domain::{
            decision::{Action, RuleName},
            ids::ChannelName,
            message::{Party, Visibility},
            record::DecisionRecord,
            time::Length,
        },
        reading::Reader,
        replay::typed::Typed,
        rules::{Rules, TestLine},
    };

    /// What each message of a story leads to, played as fast as the page plays it.
    fn decided(story: &Story) -> Vec<DecisionRecord> {
        let rules = Rules::built_in();
        let reader = Reader::new(&rules.vocabulary).expect("a reader");
        let line = |from, text: &str| TestLine {
            from,
            after: Length::milliseconds(5_000),
            text: text.to_owned(),
        };
        let lines: Vec<TestLine> = story
            .steps
            .iter()
            .filter_map(|step| match step.does {
                Does::Customer(text) => Some(line(Party::Customer, text)),
                Does::Agent(text) => Some(line(Party::Agent, text)),
                Does::Look(_) => None,
            })
            .collect();
        let typed = Typed {
            channel: &ChannelName::parse("webchat").expect("a name"),
            visibility: Visibility::Private,
            tags: &[],
            lines: &lines,
        };
        let replayed = typed.replay(&rules, &reader).expect("a thread");
        replayed.into_iter().map(|line| line.record).collect()
    }

    fn story(id: &str) -> &'static Story {
        let found = STORIES.iter().find(|story| story.id == id);
        found.expect("a story")
    }

    #[test]
    fn one_story_ends_in_a_loud_callback_by_the_count() {
        let decided = decided(story("callback"));
        let exchanges: Vec<u32> = decided.iter().map(|record| record.exchange).collect();
        assert_eq!(exchanges, [1, 2, 3]);
        let last = decided.last().expect("a decision");
        assert_eq!(last.actions, [Action::Callback]);
        assert_eq!((last.soft, &last.rule), (false, &RuleName::RuleOfThree));
    }

    #[test]
    fn one_asks_for_what_needs_an_identity_check() {
        let decided = decided(story("form"));
        let last = decided.last().expect("a decision");
        assert!(last.actions.contains(&Action::WarnIdentity));
    }

    #[test]
    fn the_other_ends_in_thanks_and_rings_nobody() {
        let decided = decided(story("thanks"));
        let last = decided.last().expect("a decision");
        assert_eq!(last.actions, [Action::Resolve]);
        assert!(
            decided
                .iter()
                .all(|record| !record.actions.contains(&Action::Callback))
        );
    }
}
