//! Identity checks: who may open what was submitted, what comes of a check, and that nothing of a
//! submission is left afterwards.

use super::*;
use crate::{
    domain::{
        account::Role,
        decision::{Notice, Utterance},
        form::{Checked, FormRequestId, FormState, Purpose},
        ids::{FormName, ShownName},
    },
    engine::{Asked, CheckKept, OpenedSubmission, accounts::Proven},
    rules::forms::Form,
    settings::Sealing,
    store::rows::{
        TokenHash,
        forms::{FormSessionHash, LinkHash},
    },
    vault::{PublicKey, Sealed},
};

fn purpose() -> Purpose {
    Purpose::Identity(FormName::parse("identity").expect("a name"))
}

fn setup() -> Setup {
    let mut setup = Setup::new();
    setup.rules.forms = vec![Form {
        name: FormName::parse("identity").expect("a name"),
        title: Default::default(),
        why: Default::default(),
        topics: Vec::new(),
        fields: Vec::new(),
    }];
    setup
}

/// A public key of nobody's.
fn public_key() -> PublicKey {
    let folder = tempfile::tempdir().expect("a folder");
    let file = crate::vault::KeyFile::new(folder.path().join("key"));
    file.make(Timestamp::MIN).expect("made");
    file.read().expect("read").newest()
}

/// Bytes that are found nowhere else.
fn sealed(number: u8) -> Sealed {
    let block = |at: u32| format!("sealed {number} {at} ").into_bytes();
    Sealed((0..120).flat_map(block).collect())
}

impl Bot {
    /// Adds an account that may check identities, or may not.
    async fn checker(&self, name: &str, checks: bool) {
        let link = TokenHash([name.as_bytes()[0]; 32]);
        let shown = ShownName::parse(name).expect("a name");
        let by = account("root");
        let added = self
            .handle
            .add_account(by.clone(), account(name), shown, Role::Agent, link);
        assert!(added.await.expect("added"));
        self.lets_check(name, checks).await;
    }

    async fn lets_check(&self, name: &str, checks: bool) {
        let set = self
            .handle
            .set_checks(account("root"), account(name), checks);
        set.await.expect("set");
    }

    async fn asks(&self, thread: &str) -> Asked {
        let asked = self
            .handle
            .ask_form(key(thread), purpose(), account("kim"))
            .await;
        asked.expect("answered")
    }

    /// Has the customer of a thread submit something.
    async fn submits(&self, thread: &str, number: u8) -> FormRequestId {
        let Asked::LinkWanted(id) = self.asks(thread).await else {
            panic!("nobody carries messages here");
        };
        let (link, session) = (LinkHash([number; 32]), FormSessionHash([number; 32]));
        let made = self.handle.make_form_link(key(thread), id, link, None);
        made.await.expect("answered").expect("a link");
        let opened = self.handle.open_form(link, session).await;
        opened.expect("answered").expect("open");
        let kept = self.handle.submit_identity(session, sealed(number)).await;
        assert!(kept.expect("answered"));
        id
    }

    async fn opens(&self, id: FormRequestId, by: &str) -> OpenedSubmission {
        let times = self
            .handle
            .store()
            .times_opened(id)
            .await
            .expect("readable");
        self.opens_after(id, by, times).await
    }

    async fn opens_after(&self, id: FormRequestId, by: &str, times: u32) -> OpenedSubmission {
        let by = Proven::of(account(by));
        let opened = self.handle.open_submission(id, by, times);
        opened.await.expect("answered")
    }

    /// Has an account say what came of a check, after a look at what was submitted.
    async fn checks(&self, id: FormRequestId, by: &str, checked: Checked) -> CheckKept {
        self.opens(id, by).await;
        self.checks_unseen(id, by, checked).await
    }

    async fn checks_unseen(&self, id: FormRequestId, by: &str, checked: Checked) -> CheckKept {
        let note = Private::new("Card 4111 1111 1111 1111 shown".to_owned());
        let kept = self
            .handle
            .check_form(id, account(by), checked, Some(note))
            .await;
        kept.expect("answered")
    }

    async fn notices(&self, thread: &str) -> Vec<Notice> {
        let thread = self.on_desk(thread).await;
        let notices = thread.notices.into_iter().map(|row| row.notice);
        // Time goes by here, and nobody answers.
        let reminders = [Notice::AnswerDue, Notice::AnswerOverdue];
        notices
            .filter(|notice| !reminders.contains(notice))
            .collect()
    }
}

/// How far the forms came that the destination was told of.
fn states(heard: &[Heard]) -> Vec<FormState> {
    let state = |heard: &Heard| match &heard.item.event {
        OutboxEvent::Form(form) => Some(form.state),
        _ => None,
    };
    heard.iter().filter_map(state).collect()
}

/// Whether a piece of what was submitted stands in any of the database's files.
fn is_on_disk(setup: &Setup, number: u8) -> bool {
    let piece = format!("sealed {number} 60 ").into_bytes();
    ["", "-wal", "-shm"].iter().any(|end| {
        let mut path = setup.database().into_os_string();
        path.push(end);
        let bytes = std::fs::read(path).unwrap_or_default();
        bytes.windows(piece.len()).any(|window| window == piece)
    })
}

/// Waits until nothing of it is left; the log is cut off by a thread of its own.
async fn is_gone(setup: &Setup, number: u8) {
    let gone = async {
        while is_on_disk(setup, number) {
            tokio::task::yield_now().await;
        }
    };
    let gone = tokio::time::timeout(PATIENCE, gone).await;
    gone.expect("it is still on the disk");
}

#[tokio::test]
async fn only_who_may_check_identities_opens_a_submission_and_that_is_kept() {
    let setup = setup();
    let bot = setup.start().await;
    bot.checker("kim", true).await;
    bot.checker("lee", false).await;
    bot.customer("t1", "m1", 0).await;
    let id = bot.submits("t1", 1).await;

    let kim = bot.opens(id, "kim").await;
    assert_eq!(kim, OpenedSubmission::Sealed(sealed(1)));
    assert_eq!(bot.opens(id, "lee").await, OpenedSubmission::NotAllowed);
    assert_eq!(bot.opens(id, "nobody").await, OpenedSubmission::NotAllowed);
    let none = FormRequestId(99);
    assert_eq!(bot.opens(none, "kim").await, OpenedSubmission::Gone);
    let opened = |audit: Vec<String>| {
        let opened = audit.into_iter();
        let opened = opened.filter(|entry| entry.contains("opened_submission"));
        opened.collect::<Vec<_>>()
    };
    assert_eq!(opened(setup.audited()), ["kim opened_submission"]);

    bot.lets_check("kim", false).await;
    assert_eq!(bot.opens(id, "kim").await, OpenedSubmission::NotAllowed);
    let kept = bot.checks(id, "kim", Checked::Verified).await;
    assert_eq!(kept, CheckKept::NotAllowed);
    bot.lets_check("kim", true).await;
    let disabled = bot
        .handle
        .disable_account(account("root"), account("kim"))
        .await;
    disabled.expect("disabled");
    assert_eq!(bot.opens(id, "kim").await, OpenedSubmission::NotAllowed);
    assert_eq!(bot.form(id).await.state, FormState::Submitted);
    bot.stop().await;
}

#[tokio::test]
async fn the_same_wish_to_open_it_sent_twice_opens_it_once() {
    let setup = setup();
    let bot = setup.start().await;
    bot.checker("kim", true).await;
    bot.customer("t1", "m1", 0).await;
    let id = bot.submits("t1", 1).await;
    let first = bot.opens_after(id, "kim", 0).await;
    assert_eq!(first, OpenedSubmission::Sealed(sealed(1)));
    let again = bot.opens_after(id, "kim", 0).await;
    assert_eq!(again, OpenedSubmission::OpenedBefore);
    let knowing = bot.opens_after(id, "kim", 1).await;
    assert_eq!(knowing, OpenedSubmission::Sealed(sealed(1)));
    bot.stop().await;
}

#[tokio::test]
async fn a_check_tells_everybody_and_leaves_nothing_of_what_was_submitted() {
    let setup = setup();
    let bot = setup.start().await;
    bot.checker("kim", true).await;
    bot.customer("t1", "m1", 0).await;
    let id = bot.submits("t1", 1).await;
    assert!(is_on_disk(&setup, 1), "it is looked for in the right way");
    let asked = Notice::FormSubmitted { request: id };
    assert_eq!(bot.notices("t1").await, [asked]);

    let kept = bot.checks(id, "kim", Checked::Verified).await;
    assert_eq!(kept, CheckKept::Done);
    is_gone(&setup, 1).await;
    let form = bot.form(id).await;
    assert_eq!(form.state, FormState::Verified);
    assert_eq!(form.checked_by, Some(account("kim")));
    assert_eq!(form.checked_at, Some(setup.clock.now()));
    assert_eq!(bot.opens(id, "kim").await, OpenedSubmission::Gone);

    let thread = bot.on_desk("t1").await;
    assert_eq!(thread.notes[0].text.reveal(), "Card ⟦payment_card⟧ shown");
    assert_eq!(thread.notes[0].by, account("kim"));
    // Nobody carries messages here, so an agent tells the customer.
    let say = Notice::SayYourself {
        utterance: Utterance::IdentityVerified,
    };
    assert_eq!(bot.notices("t1").await, [say]);
    let audit = setup.audited();
    assert!(audit.contains(&"kim checked_form".to_owned()), "{audit:?}");
    let heard = setup.recorder().hears(7).await;
    let said = states(&heard);
    assert_eq!(said.last(), Some(&FormState::Verified), "{said:?}");
    bot.stop().await;
}

#[tokio::test]
async fn what_nobody_has_opened_cannot_be_verified() {
    let setup = setup();
    let bot = setup.start().await;
    bot.checker("kim", true).await;
    bot.customer("t1", "m1", 0).await;
    let id = bot.submits("t1", 1).await;
    let kept = bot.checks_unseen(id, "kim", Checked::Verified).await;
    assert_eq!(kept, CheckKept::NotOpened);
    assert_eq!(bot.form(id).await.state, FormState::Submitted);
    assert_eq!(bot.on_desk("t1").await.notes, []);
    let kept = bot.checks_unseen(id, "kim", Checked::Failed).await;
    assert_eq!(kept, CheckKept::Done);
    bot.stop().await;
}

#[tokio::test]
async fn a_failed_check_says_nothing_to_the_customer() {
    let setup = setup();
    let bot = setup.start().await;
    bot.checker("kim", true).await;
    bot.customer("t1", "m1", 0).await;
    let id = bot.submits("t1", 1).await;
    let kept = bot.checks(id, "kim", Checked::Failed).await;
    assert_eq!(kept, CheckKept::Done);
    assert_eq!(bot.form(id).await.state, FormState::Failed);
    assert_eq!(bot.notices("t1").await, []);
    is_gone(&setup, 1).await;
    bot.stop().await;
}

#[tokio::test]
async fn of_two_who_check_at_once_one_wins_and_the_other_is_told_who() {
    let setup = setup();
    let bot = setup.start().await;
    for name in ["kim", "lee"] {
        bot.checker(name, true).await;
    }
    bot.customer("t1", "m1", 0).await;
    let id = bot.submits("t1", 1).await;
    let (kim, lee) = tokio::join!(
        bot.checks(id, "kim", Checked::Verified),
        bot.checks(id, "lee", Checked::Failed),
    );
    let winner = bot.form(id).await.checked_by.expect("checked");
    let mut kept = [kim, lee];
    kept.sort_by_key(|kept| *kept != CheckKept::Done);
    assert_eq!(kept, [CheckKept::Done, CheckKept::CheckedBy(winner)]);
    assert_eq!(bot.on_desk("t1").await.notes.len(), 1);
    bot.stop().await;
}

#[tokio::test]
async fn what_nobody_checks_in_time_is_deleted_and_the_desk_is_told() {
    let setup = setup();
    let bot = setup.start().await;
    bot.checker("kim", true).await;
    bot.customer("t1", "m1", 0).await;
    let id = bot.submits("t1", 1).await;
    setup.clock.advance(Length::minutes(24 * 60 - 1));
    assert_ne!(bot.opens(id, "kim").await, OpenedSubmission::Gone);
    setup.clock.advance(Length::minutes(1));
    // Its time is over, whether or not it was swept yet.
    assert_eq!(bot.opens(id, "kim").await, OpenedSubmission::Gone);
    is_gone(&setup, 1).await;
    // What stood on the disk may be gone a moment before readers see the commit.
    let expired = async {
        while bot.form(id).await.state != FormState::Expired {
            tokio::task::yield_now().await;
        }
    };
    let expired = tokio::time::timeout(PATIENCE, expired).await;
    expired.expect("the form expires with it");
    let over = Notice::CheckExpired { request: id };
    assert_eq!(bot.notices("t1").await, std::slice::from_ref(&over));
    let kept = bot.checks(id, "kim", Checked::Verified).await;
    assert_eq!(kept, CheckKept::Gone);
    setup.clock.advance(Length::hours(24));
    bot.customer("t1", "m2", 0).await;
    assert_eq!(bot.notices("t1").await, [over]);
    bot.stop().await;
}

#[tokio::test]
async fn of_many_submissions_those_that_were_checked_are_gone_and_the_others_are_whole() {
    let setup = setup();
    let bot = setup.start().await;
    bot.checker("kim", true).await;
    let mut ids = Vec::new();
    for number in 0..24 {
        let thread = format!("t{number}");
        bot.customer(&thread, "m1", 0).await;
        ids.push(bot.submits(&thread, number).await);
    }
    let checked = |number: u8| number % 3 != 1;
    for (number, id) in (0..).zip(&ids) {
        if checked(number) {
            let kept = bot.checks(*id, "kim", Checked::Verified).await;
            assert_eq!(kept, CheckKept::Done);
        }
    }
    for (number, id) in (0..).zip(&ids) {
        if checked(number) {
            is_gone(&setup, number).await;
        } else {
            let opened = bot.opens(*id, "kim").await;
            assert_eq!(opened, OpenedSubmission::Sealed(sealed(number)));
        }
    }
    bot.stop().await;
}

#[tokio::test]
async fn a_form_that_nobody_could_open_is_not_asked_for() {
    let mut setup = setup();
    setup.sealing = Sealing::Recipients;
    let bot = setup.start().await;
    bot.checker("kim", true).await;
    bot.customer("t1", "m1", 0).await;
    assert_eq!(bot.asks("t1").await, Asked::NobodyOpens);
    assert_eq!(bot.handle.store().recipients().await, Ok(Vec::new()));

    let key = public_key();
    let proven = Proven::of(account("kim"));
    let set = bot.handle.set_recipient(proven, Some(key.clone())).await;
    set.expect("set");
    let recipients = bot.handle.store().recipients().await;
    assert_eq!(recipients, Ok(vec![key.to_string()]));
    assert!(matches!(bot.asks("t1").await, Asked::LinkWanted(_)));

    bot.lets_check("kim", false).await;
    assert_eq!(bot.asks("t1").await, Asked::NobodyOpens);
    bot.lets_check("kim", true).await;
    let by = account("root");
    let disabled = bot.handle.disable_account(by, account("kim")).await;
    disabled.expect("disabled");
    assert_eq!(bot.asks("t1").await, Asked::NobodyOpens);
    bot.stop().await;
}
