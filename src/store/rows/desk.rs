//! What the desk's pages are made of. Plain data; it knows no SQL.

use super::{
    CallbackRow, CaseRow, Cursor, MessageRow, ThreadRow, calls::CallRow, card::Background,
    chat::Carried, dialled::DialRow, forms::FormRequestRow, held::HeldRow, numbers::Contact,
    people::Elsewhere,
};
use crate::domain::{
    decision::Notice,
    ids::{AccountName, Author, ChannelName, DeskName, RulesVersion, ThreadId},
    message::Party,
    private::Private,
    reading::{Correction, Evidence, Language},
    record::DecisionRecord,
    thread::Hold,
    time::Timestamp,
};

/// What an account may see. `None`: everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// The channels whose desks they work.
    pub channels: Option<Vec<ChannelName>>,
    /// The desks they work.
    pub desks: Option<Vec<DeskName>>,
    /// Whose eyes, where something is for one account alone.
    pub eyes: Option<Eyes>,
}

/// Whose eyes look at what is for one account first and alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eyes {
    /// The account.
    pub account: AccountName,
    /// It sees also what was for another alone until then: a supervisor's eyes. `None`: it does not.
    pub others_until: Option<Timestamp>,
}

impl Eyes {
    /// Whether they may see a notice of a desk that they work.
    #[must_use]
    pub fn see(&self, notice: &NoticeRow) -> bool {
        match &notice.account {
            None => true,
            Some(account) if *account == self.account => true,
            Some(_) => notice
                .alone_until
                .zip(self.others_until)
                .is_some_and(|(alone, until)| alone <= until),
        }
    }
}

/// Which callbacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueueView {
    /// Those that nobody has.
    Due,
    /// Those that this account has claimed or promised to ring.
    Mine(AccountName),
    /// Those that are to be rung at a promised time, by anybody, or to be tried again then.
    Scheduled,
}

/// One callback in the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueRow {
    /// The callback.
    pub callback: CallbackRow,
    /// The customer, once known.
    pub author: Option<Author>,
    /// Why it opened, in plain words; empty where an agent opened it.
    pub reason: String,
    /// The words of that message that decided, masked.
    pub evidence: Vec<Evidence>,
    /// The customer's newest message, masked.
    pub text: Private<String>,
    /// When that was written.
    pub at: Timestamp,
    /// The forms of its case, newest first.
    pub forms: Vec<FormRequestRow>,
    /// The newest calls to its customer in this thread, newest first.
    pub calls: Vec<CallRow>,
    /// The newest call for it that another program was asked to make.
    pub dialled: Option<DialRow>,
    /// What led to it, and what is known of its customer.
    pub background: Background,
}

/// Callbacks in the order in which they are to be worked: urgent, a promised time that has come, asked
/// for, longest waiting; promised ones by their time. What an incident holds back is in none.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    /// The first ones.
    pub rows: Vec<QueueRow>,
    /// How many there are in all.
    pub total: u64,
}

/// Which threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ThreadList {
    /// The customer waits for us; the longest waiting first.
    WaitingOnUs,
    /// The ball is in the customer's court; the newest first, as in all lists below.
    WaitingOnCustomer,
    /// A callback is open.
    NeedsCall,
    /// The newest case is resolved.
    Solved,
    /// The customer holds to text, for the case or for good.
    Held,
}

/// One thread in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedThread {
    /// The thread.
    pub thread: ThreadRow,
    /// Who wrote its newest message; `None` before any.
    pub newest_from: Option<Party>,
    /// That message, masked.
    pub newest_text: Private<String>,
    /// The thread's language, once a message told it.
    pub language: Option<Language>,
    /// When it was written.
    pub newest_at: Option<Timestamp>,
    /// Since when the customer has waited for our answer, while they do.
    pub waiting_since: Option<Timestamp>,
}

/// How much there is to do, for the navigation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeskCounts {
    /// Callbacks that nobody has.
    pub due: u64,
    /// The account's own.
    pub mine: u64,
    /// Promised ones and those to be tried again, of anybody.
    pub scheduled: u64,
    /// Threads whose customer waits for us.
    pub waiting_on_us: u64,
    /// Notices that nobody has seen to.
    pub notices: u64,
}

/// One thread with everything that stands beside its messages.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskThread {
    /// The thread itself.
    pub thread: ThreadRow,
    /// Its language, once a message told it.
    pub language: Option<Language>,
    /// The wish never to be phoned.
    pub text_always: Option<Hold>,
    /// The wish to stay in text in the newest case.
    pub hold: Option<Hold>,
    /// On the do-not-call list.
    pub do_not_call: bool,
    /// What binds the customer because they are one person with somebody.
    pub elsewhere: Elsewhere,
    /// How the customer can be reached, and on what ground.
    pub contact: Contact,
    /// Is no customer, until then.
    pub muted_until: Option<Timestamp>,
    /// Its cases, oldest first.
    pub cases: Vec<CaseRow>,
    /// Its callbacks, oldest first.
    pub callbacks: Vec<CallbackRow>,
    /// Its newest calls, newest first.
    pub calls: Vec<CallRow>,
    /// The newest call for its newest callback that another program was asked to make.
    pub dialled: Option<DialRow>,
    /// Its newest messages in order of arrival.
    pub lines: Vec<DeskLine>,
    /// Where the messages before them end; `None` if these are all.
    pub older: Option<Cursor>,
    /// What agents said among themselves, oldest first.
    pub notes: Vec<NoteRow>,
    /// What the desk was told and nobody has seen to, oldest first.
    pub notices: Vec<NoticeRow>,
    /// Agents' answers that are held, or back with their agents unsent, oldest first.
    pub held: Vec<HeldRow>,
}

/// One message as the desk shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskLine {
    /// The message.
    pub message: MessageRow,
    /// What was decided of it when it arrived.
    pub decision: DecisionRecord,
    /// The words that decided, masked.
    pub evidence: Vec<Evidence>,
    /// The rules that decided.
    pub rules_version: RulesVersion,
    /// The newest correction of its reading.
    pub correction: Option<CorrectionRow>,
    /// How far it has come, if it is one that we carry over a network.
    pub carried: Option<Carried>,
}

/// A correction of a reading, and what was decided then.
#[derive(Debug, Clone, PartialEq)]
pub struct CorrectionRow {
    /// What the agent said.
    pub correction: Correction,
    /// Who.
    pub by: AccountName,
    /// When.
    pub at: Timestamp,
    /// What was decided anew.
    pub decision: DecisionRecord,
}

/// An internal note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRow {
    /// Its number.
    pub id: i64,
    /// Who wrote it.
    pub by: AccountName,
    /// The text, masked.
    pub text: Private<String>,
    /// When.
    pub at: Timestamp,
}

/// What a destination was not told, because every attempt failed or it refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// The destination.
    pub destination: String,
    /// How many deliveries were given up.
    pub count: u64,
    /// Why the newest was, without private text, such as `HTTP 410`.
    pub reason: String,
    /// When the newest was.
    pub at: Timestamp,
}

/// Something a desk was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRow {
    /// Its number.
    pub id: i64,
    /// The thread's channel.
    pub channel: ChannelName,
    /// The thread.
    pub thread: ThreadId,
    /// The customer, once known.
    pub author: Option<Author>,
    /// The case; 0 before any.
    pub case: u32,
    /// The desk.
    pub desk: DeskName,
    /// What.
    pub notice: Notice,
    /// When.
    pub at: Timestamp,
    /// The account that it is for, first and alone.
    pub account: Option<AccountName>,
    /// From then on supervisors see it too; `None`: never.
    pub alone_until: Option<Timestamp>,
}

impl NoticeRow {
    /// Whether it is about a call to come, and so stands on its card.
    #[must_use]
    pub const fn is_about_call(&self) -> bool {
        match &self.notice {
            Notice::ClaimSilent { .. }
            | Notice::CallUnclaimed
            | Notice::CallOverdue
            | Notice::UrgentOnCall => true,
            Notice::SayYourself { utterance } => utterance.is_of_open_callback(),
            _ => false,
        }
    }
}
