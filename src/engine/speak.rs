//! What Ringback says to a customer by itself: a line of the thread like any other, in their language
//! and in the words of `[messages]`. Where it cannot or may not speak, the desk is asked to. Says
//! nothing in public: whoever has it speak sees to that.

use super::{
    apply::{Decided, Shell},
    intake::{self, Kept},
    writer::Work,
};
use crate::{
    domain::{
        decision::{Notice, Utterance},
        ids::MessageId,
        message::{Message, Party, Visibility},
        private::Private,
        reading::{Language, Reading},
    },
    rules::{Desk, Speak, messages::Variables},
    store::{StoreError, sqlite::threads::StoredThread},
};

/// What came of saying something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// This line of the thread, by its row, says it.
    Line(i64),
    /// Ringback does not carry messages there, may not speak, or has no words in the customer's
    /// language.
    NotHere,
    /// The admin wants nothing said of it.
    Nothing,
}

impl Shell<'_> {
    /// Says to the customer what was decided to be said, or has the desk say it.
    pub(super) fn speak(
        self,
        work: &mut Work<'_>,
        thread: &mut StoredThread,
        decided: &Decided,
    ) -> Result<(), StoreError> {
        for utterance in decided.utterances() {
            self.say_or_ask(work, thread, utterance, false)?;
        }
        Ok(())
    }

    /// Says something in a thread, or asks the desk to.
    pub(super) fn say_or_ask(
        self,
        work: &mut Work<'_>,
        thread: &mut StoredThread,
        utterance: Utterance,
        form: bool,
    ) -> Result<Said, StoreError> {
        let said = self.say(work, thread, utterance, form)?;
        if said == Said::NotHere {
            self.notify(work, thread, Notice::SayYourself { utterance })?;
        }
        Ok(said)
    }

    /// Says something in a thread, in the customer's language as far as it is known. `form`: one
    /// comes with it. Nothing on a channel that is only watched.
    pub(super) fn say(
        self,
        work: &mut Work<'_>,
        thread: &mut StoredThread,
        utterance: Utterance,
        form: bool,
    ) -> Result<Said, StoreError> {
        let policy = self.rules.policy(&thread.key.channel);
        if policy.watch {
            return Ok(Said::Nothing);
        }
        if policy.speak == Speak::Never || !self.speaks_in(thread) {
            return Ok(Said::NotHere);
        }
        let brand = self.desk_of(thread).map_or("", |desk| desk.brand.as_str());
        let variables = Variables { brand, form };
        let language = self.language_of(thread);
        let text = self.rules.messages.text(utterance, language, variables);
        match text {
            None => Ok(Said::NotHere),
            Some(text) if text.is_empty() => Ok(Said::Nothing),
            Some(text) => self.add_line(work, thread, language, text).map(Said::Line),
        }
    }

    /// Whether Ringback itself carries messages to the thread's customer.
    pub(super) fn speaks_in(self, thread: &StoredThread) -> bool {
        self.settings.carries_messages(&thread.key.channel)
    }

    /// The language to speak in: the newest that the customer has shown, else the desk's.
    pub(super) fn language_of(self, thread: &StoredThread) -> Language {
        let shown = thread.state.thread.context.language;
        let desk = || self.desk_of(thread).map(|desk| desk.language);
        shown.or_else(desk).unwrap_or(Language::ENGLISH)
    }

    fn desk_of(&self, thread: &StoredThread) -> Option<&Desk> {
        let policy = self.rules.policy(&thread.key.channel);
        self.rules.desks.get(&policy.desk)
    }

    /// Adds a line of Ringback's own. It is never older than what it answers, however our clock goes.
    fn add_line(
        self,
        work: &mut Work<'_>,
        thread: &mut StoredThread,
        language: Language,
        text: String,
    ) -> Result<i64, StoreError> {
        const BAD_ID: StoreError = StoreError::Corrupt("messages.message");
        let newest = thread.state.thread.exchanges.last();
        let id = format!("{}{:032x}", Message::OF_RINGBACK, rand::random::<u128>());
        let message = Message {
            thread: thread.key.clone(),
            id: MessageId::parse(&id).map_err(|_| BAD_ID)?,
            from: Party::Bot,
            author: None,
            text: Private::new(text.clone()),
            at: newest.map_or(work.now, |newest| newest.last_at.max(work.now)),
            visibility: Visibility::Private,
            language: Some(language),
            tags: Vec::new(),
        };
        let inserted = work
            .store
            .insert_message(thread.id, &message, &text, work.now)?;
        let row = inserted.ok_or(BAD_ID)?;
        let kept = Kept {
            row,
            message: &message,
            masked: text,
            // Nobody reads it: it says nothing that the rules look at.
            reading: Reading::blank(language),
        };
        intake::decide_kept(work, self, thread, kept)?;
        Ok(row)
    }
}
