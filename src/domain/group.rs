//! Groups where customers and staff talk: whose a message is there. Each customer has a thread of their
//! own, of what they and we say to each other; what customers say among themselves is in none. Pure:
//! what only a look-up can tell is asked of the caller, live and in replay alike.

use std::collections::BTreeSet;

use super::ids::{Author, InvalidId, PersonId, PostId, ThreadId};

/// Who wrote a message in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Writer {
    /// Somebody who is not ours.
    Customer(PersonId),
    /// One of ours, also one who writes in the group's name.
    Staff,
    /// An automation.
    Bot,
    /// Nobody who talks: a channel's post that appears there by itself.
    Nobody,
}

/// A message in a group, as far as it tells whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Who wrote it.
    pub by: Writer,
    /// What it answers.
    pub answers: Option<Answered>,
    /// Whom it names, in order.
    pub mentions: Vec<Mention>,
    /// The topic that it is in, in a forum.
    pub topic: Option<InTopic>,
}

/// A message that another one answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The message.
    pub message: PostId,
    /// Who wrote it.
    pub by: Writer,
}

/// Somebody whom a message names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Who.
    pub whom: Named,
    /// The message begins with them, so that it is said to them and not of them.
    pub leads: bool,
}

/// How somebody is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A person who is not ours.
    Customer(PersonId),
    /// One of ours, or the bot.
    Ours,
    /// By a name that has to be looked up: in lower case, without `@`.
    Handle(String),
}

/// A forum's topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InTopic {
    /// The customer who opened it, where one did and it is known.
    pub opener: Option<PersonId>,
}

/// Whose a message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// In nobody's thread.
    Nobodys,
    /// In the thread of who wrote it.
    Own(PersonId),
    /// In the thread of who wrote it, unless all of these are other customers of the group.
    OwnUnless(PersonId, Vec<String>),
    /// In the threads of whom the first of these leads to that leads to anybody.
    Led(Vec<Lead>),
}

/// What tells whose a message of ours is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lead {
    /// These customers.
    To(PersonId),
    /// Those in whose threads that message is.
    SameAs(PostId),
    /// Those of them who are customers of the group.
    Named(Vec<Named>),
    /// The one customer who has written in the topic, if it is one.
    AloneInTopic,
}

impl Said {
    /// Whose it is. A customer's message is theirs unless they say it to another customer. One of ours
    /// is of whom it answers, else of whom it names, else of whom its topic belongs to, else of nobody.
    #[must_use]
    pub fn whose(&self) -> Whose {
        match &self.by {
            Writer::Nobody => Whose::Nobodys,
            Writer::Customer(person) => self.of_customer(person),
            Writer::Staff | Writer::Bot => Whose::Led(self.leads()),
        }
    }

    fn of_customer(&self, person: &PersonId) -> Whose {
        let own = Whose::Own(person.clone());
        let names_us = |mention: &Mention| mention.whom == Named::Ours;
        if self.mentions.iter().any(names_us) {
            return own;
        }
        match self.answers.as_ref().map(|answered| &answered.by) {
            Some(Writer::Customer(other)) if other != person => return Whose::Nobodys,
            Some(Writer::Customer(_) | Writer::Staff | Writer::Bot) => return own,
            Some(Writer::Nobody) | None => {}
        }
        let is_own = |whom: &Named| matches!(whom, Named::Customer(other) if other == person);
        let led: Vec<&Named> = self
            .mentions
            .iter()
            .take_while(|mention| mention.leads)
            .map(|mention| &mention.whom)
            .collect();
        if led.is_empty() || led.iter().any(|whom| is_own(whom)) {
            return own;
        }
        let handles = led.into_iter().filter_map(|whom| match whom {
            Named::Handle(handle) => Some(handle.clone()),
            Named::Customer(_) | Named::Ours => None,
        });
        match handles.collect::<Vec<String>>() {
            handles if handles.is_empty() => Whose::Nobodys,
            handles => Whose::OwnUnless(person.clone(), handles),
        }
    }

    fn leads(&self) -> Vec<Lead> {
        let mut leads = Vec::new();
        match &self.answers {
            Some(Answered {
                by: Writer::Customer(person),
                ..
            }) => leads.push(Lead::To(person.clone())),
            Some(Answered {
                by: Writer::Staff | Writer::Bot,
                message,
            }) => leads.push(Lead::SameAs(message.clone())),
            Some(Answered {
                by: Writer::Nobody, ..
            })
            | None => {}
        }
        let named = self.mentions.iter().map(|mention| &mention.whom);
        let named: Vec<Named> = named
            .filter(|whom| **whom != Named::Ours)
            .cloned()
            .collect();
        if !named.is_empty() {
            leads.push(Lead::Named(named));
        }
        match &self.topic {
            Some(InTopic {
                opener: Some(opener),
            }) => leads.push(Lead::To(opener.clone())),
            Some(InTopic { opener: None }) => leads.push(Lead::AloneInTopic),
            None => {}
        }
        leads
    }
}

/// Each once, in order.
#[must_use]
pub fn each_once(people: Vec<PersonId>) -> Vec<PersonId> {
    let mut seen = BTreeSet::new();
    people
        .into_iter()
        .filter(|person| seen.insert(person.clone()))
        .collect()
}

/// The id of a customer's thread in a group of Telegram: `g{chat}:{person}`, in a forum one a topic.
///
/// # Errors
/// When it would be no id, which of Telegram's numbers none is.
pub fn thread_id(
    chat: &str,
    person: &PersonId,
    topic: Option<&str>,
) -> Result<ThreadId, InvalidId> {
    match topic {
        Some(topic) => ThreadId::parse(&format!("g{chat}:{person}:{topic}")),
        None => ThreadId::parse(&format!("g{chat}:{person}")),
    }
}

/// How a person of Telegram stands as the author of their messages, as in Telegram's export:
/// `user123`; `channel123` for who writes in a channel's name, whose number begins with `-100`.
#[must_use]
pub fn author(person: &PersonId) -> Option<Author> {
    let named = match person.as_str().strip_prefix("-100") {
        Some(channel) => format!("channel{channel}"),
        None => format!("user{person}"),
    };
    Author::parse(&named).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: &str) -> PersonId {
        PersonId::parse(id).unwrap()
    }

    fn customer(id: &str) -> Writer {
        Writer::Customer(person(id))
    }

    fn said(by: Writer) -> Said {
        Said {
            by,
            answers: None,
            mentions: Vec::new(),
            topic: None,
        }
    }

    fn answering(by: Writer, whom: Writer) -> Said {
        let message = PostId::parse("7").unwrap();
        Said {
            answers: Some(Answered { message, by: whom }),
            ..said(by)
        }
    }

    fn naming(by: Writer, whom: Named, leads: bool) -> Said {
        Said {
            mentions: vec![Mention { whom, leads }],
            ..said(by)
        }
    }

    #[test]
    fn a_customers_message_is_theirs_unless_they_say_it_to_another_customer() {
        let own = Whose::Own(person("1"));
        assert_eq!(said(customer("1")).whose(), own);
        assert_eq!(answering(customer("1"), Writer::Staff).whose(), own);
        assert_eq!(answering(customer("1"), Writer::Bot).whose(), own);
        assert_eq!(answering(customer("1"), customer("1")).whose(), own);
        assert_eq!(answering(customer("1"), Writer::Nobody).whose(), own);
        let among_themselves = answering(customer("1"), customer("2"));
        assert_eq!(among_themselves.whose(), Whose::Nobodys);
        let to_us_too = Said {
            mentions: vec![Mention {
                whom: Named::Ours,
                leads: false,
            }],
            ..among_themselves
        };
        assert_eq!(to_us_too.whose(), own);
    }

    #[test]
    fn a_customer_who_only_speaks_of_another_one_speaks_to_us() {
        let other = Named::Customer(person("2"));
        let own = Whose::Own(person("1"));
        assert_eq!(naming(customer("1"), other.clone(), false).whose(), own);
        assert_eq!(naming(customer("1"), other, true).whose(), Whose::Nobodys);
        let handle = Named::Handle("sam".to_owned());
        assert_eq!(naming(customer("1"), handle.clone(), false).whose(), own);
        assert_eq!(
            naming(customer("1"), handle, true).whose(),
            Whose::OwnUnless(person("1"), vec!["sam".to_owned()])
        );
    }

    #[test]
    fn ours_is_of_whom_it_answers_else_of_whom_it_names_else_of_whom_the_topic_belongs_to() {
        let all = Said {
            answers: answering(Writer::Staff, customer("1")).answers,
            mentions: naming(Writer::Staff, Named::Handle("sam".to_owned()), false).mentions,
            topic: Some(InTopic { opener: None }),
            by: Writer::Staff,
        };
        let named = Lead::Named(vec![Named::Handle("sam".to_owned())]);
        assert_eq!(
            all.whose(),
            Whose::Led(vec![Lead::To(person("1")), named, Lead::AloneInTopic])
        );
        assert_eq!(said(Writer::Staff).whose(), Whose::Led(vec![]));
        let to_a_colleague = answering(Writer::Staff, Writer::Staff);
        assert_eq!(
            to_a_colleague.whose(),
            Whose::Led(vec![Lead::SameAs(PostId::parse("7").unwrap())])
        );
        let opened = Said {
            topic: Some(InTopic {
                opener: Some(person("3")),
            }),
            ..said(Writer::Bot)
        };
        assert_eq!(opened.whose(), Whose::Led(vec![Lead::To(person("3"))]));
    }

    #[test]
    fn threads_and_authors_are_named_as_in_telegrams_export() {
        let id = |topic| thread_id("-1001", &person("7"), topic).unwrap();
        assert_eq!(id(None).as_str(), "g-1001:7");
        assert_eq!(id(Some("42")).as_str(), "g-1001:7:42");
        assert_eq!(author(&person("7")).unwrap().reveal(), "user7");
        assert_eq!(author(&person("-10099")).unwrap().reveal(), "channel99");
    }
}
