//! Who is who in a chat network, kept in the database and at hand: few rows, asked for with every
//! update, changed once in a while.

use std::sync::Arc;

use crate::{
    domain::{
        account::{Role, command_line},
        chat::Network,
        ids::{AccountName, ChatId, ConnectionId, DeskName, PersonId, ShownName},
        time::{Length, Timestamp, after},
    },
    engine::{
        EngineError, Handle, Trouble, apply::Shell, desk::trace_account, queues, writer::Work,
    },
    store::{
        StoreError,
        rows::{
            audit::{AuditEntry, Verb},
            chat::{CodeHash, ConnectionRow, ConnectionState, Directory, GroupRow, PersonRow},
        },
    },
};

/// How long a pairing code can be used.
pub(super) const CODE_LASTS: Length = Length::hours(1);

/// The most accounts whose names differ by a number only.
const MOST_OF_A_NAME: u32 = 100;

/// What came of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paired {
    /// The group is the desk's now, and the person the account.
    Desk(DeskName, AccountName),
    /// The person is the account now.
    Person(AccountName),
    /// The code is for a group: it was sent in private.
    WantsGroup,
    /// The code is for the group of a desk that the rules do not name.
    NoSuchDesk(DeskName),
    /// The code is wrong, used or expired.
    Unknown,
}

impl Handle {
    /// Who is who, as it stands.
    #[must_use]
    pub fn directory(&self) -> Arc<Directory> {
        self.0.directory.load_full()
    }

    /// Keeps a code that links a person of a chat network to an account and, with a desk, makes the
    /// group where it is used that desk's. Until when it can be used.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn make_code(
        &self,
        code: CodeHash,
        account: AccountName,
        desk: Option<DeskName>,
    ) -> Result<Timestamp, EngineError> {
        self.with_rules(move |work, _| {
            let until = after(work.now, CODE_LASTS);
            work.store
                .accounts()
                .keep_code(code, &account, desk.as_ref(), until, work.now)?;
            Ok(until)
        })
        .await
    }

    /// Uses a code up that a person sent: in a group, or in private.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn pair(
        &self,
        code: CodeHash,
        network: Network,
        person: PersonId,
        group: Option<(ChatId, bool)>,
    ) -> Result<Paired, EngineError> {
        let paired = self
            .with_rules(move |work, shell| pair(work, shell, code, network, person, group))
            .await?;
        self.read_directory().await?;
        Ok(paired)
    }

    /// Links a person to an account.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn link_person(&self, person: PersonRow, by: AccountName) -> Result<(), EngineError> {
        self.change_directory(move |work| {
            work.store.keep_person(&person)?;
            trace_account(work, by, Verb::LinkedChat, &person.account)
        })
        .await
    }

    /// Makes an account with the role agent for a person of a chat network and links them to it; its name
    /// is the wished one, or one like it if that is taken. The account that the person is, if they are one.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn add_agent(
        &self,
        network: Network,
        person: PersonId,
        wished: AccountName,
        shown: ShownName,
        by: AccountName,
    ) -> Result<AccountName, EngineError> {
        let is_already = self.directory().account(network, &person).cloned();
        self.change_directory(move |work| match is_already {
            Some(account) => Ok(account),
            None => add_agent(work, network, person, &wished, &shown, by),
        })
        .await
    }

    /// Takes a person's link to their account away. False if there was none.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn unlink_person(
        &self,
        network: Network,
        person: PersonId,
        by: AccountName,
    ) -> Result<bool, EngineError> {
        let of = self.directory().account(network, &person).cloned();
        self.change_directory(move |work| {
            let was = work.store.accounts().drop_person(network, &person)?;
            if let Some(of) = of.filter(|_| was) {
                trace_account(work, by, Verb::UnlinkedChat, &of)?;
            }
            Ok(was)
        })
        .await
    }

    /// Keeps whether a person can be written to in private. Whoever can be is shown what they have claimed.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn set_writable(
        &self,
        network: Network,
        person: PersonId,
        writable: bool,
    ) -> Result<(), EngineError> {
        let account = self.directory().account(network, &person).cloned();
        self.change_directory(move |work| work.store.set_writable(network, &person, writable))
            .await?;
        let Some(account) = account.filter(|_| writable) else {
            return Ok(());
        };
        // Only now is it known, where cards are sent, that they can be written to.
        self.with_rules(move |work, shell| queues::show_claimed(work, shell, &account))
            .await
    }

    /// Gives a group a role.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn keep_group(&self, group: GroupRow) -> Result<(), EngineError> {
        self.change_directory(move |work| {
            work.store.keep_group(&group)?;
            trace(work, group.by, Verb::PairedGroup)
        })
        .await
    }

    /// Takes a group's role away. False if it had none.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn drop_group(
        &self,
        network: Network,
        chat: ChatId,
        by: AccountName,
    ) -> Result<bool, EngineError> {
        self.change_directory(move |work| {
            let was = work.store.accounts().drop_group(network, &chat)?;
            if was {
                trace(work, by, Verb::UnpairedGroup)?;
            }
            Ok(was)
        })
        .await
    }

    /// The bot is in a group again.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn group_is_back(&self, network: Network, chat: ChatId) -> Result<(), EngineError> {
        self.change_directory(move |work| work.store.set_group_lost(network, &chat, None))
            .await
    }

    /// Keeps whether a group has topics.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn set_forum(
        &self,
        network: Network,
        chat: ChatId,
        forum: bool,
    ) -> Result<(), EngineError> {
        self.change_directory(move |work| work.store.set_forum(network, &chat, forum))
            .await
    }

    /// Keeps how a connection stands.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn keep_connection(&self, connection: ConnectionRow) -> Result<(), EngineError> {
        self.change_directory(move |work| work.store.keep_connection(&connection))
            .await
    }

    /// Keeps whether a connection is ours. False if there is none of that id.
    ///
    /// # Errors
    /// When the engine stops or the database fails.
    pub async fn decide_connection(
        &self,
        network: Network,
        connection: ConnectionId,
        state: ConnectionState,
    ) -> Result<bool, EngineError> {
        self.change_directory(move |work| work.store.decide_connection(network, &connection, state))
            .await
    }

    /// Has a job done that changes who is who.
    async fn change_directory<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Work<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let changed = self.with_rules(move |work, _| job(work)).await?;
        self.read_directory().await?;
        Ok(changed)
    }

    /// Reads who is who anew, after it changed.
    pub(in crate::engine) async fn read_directory(&self) -> Result<(), StoreError> {
        let directory = self.store().chat_directory().await?;
        for (trouble, is_there) in troubles(&directory) {
            self.set_trouble(trouble, is_there);
        }
        self.0.directory.store(Arc::new(directory));
        Ok(())
    }
}

/// Which group it was is not kept: its name is not ours, and its id says nothing to people.
fn trace(work: &Work<'_>, by: AccountName, verb: Verb) -> Result<(), StoreError> {
    work.store.record(&AuditEntry::new(by, verb), work.now)
}

/// What of who is who an admin has to mend.
fn troubles(directory: &Directory) -> [(Trouble, bool); 3] {
    let is_lost = |group: &GroupRow| group.desk.is_some() && group.lost_at.is_some();
    let accepted = || {
        let all = directory.connections.iter();
        all.filter(|row| row.state == ConnectionState::Accepted)
    };
    // One that was made anew stands for those before.
    let stands = |row: &ConnectionRow| {
        accepted().any(|other| other.person == row.person && other.is_enabled)
    };
    [
        (Trouble::GroupLost, directory.groups.iter().any(is_lost)),
        (Trouble::BusinessLost, accepted().any(|row| !stands(row))),
        (
            Trouble::BusinessMute,
            accepted().any(|row| row.is_enabled && !row.may_reply),
        ),
    ]
}

fn add_agent(
    work: &mut Work<'_>,
    network: Network,
    person: PersonId,
    wished: &AccountName,
    shown: &ShownName,
    by: AccountName,
) -> Result<AccountName, StoreError> {
    let like_it = (2..=MOST_OF_A_NAME).map(|n| AccountName::parse(&format!("{wished}-{n}")));
    let names = std::iter::once(wished.clone()).chain(like_it.flatten());
    for name in names.filter(|name| *name != command_line()) {
        if !work
            .store
            .accounts()
            .add(&name, shown, Role::Agent, work.now)?
        {
            continue;
        }
        trace_account(work, by.clone(), Verb::AddedAccount, &name)?;
        let row = PersonRow {
            network,
            person,
            account: name.clone(),
            writable: false,
            at: work.now,
        };
        work.store.keep_person(&row)?;
        trace_account(work, by, Verb::LinkedChat, &name)?;
        return Ok(name);
    }
    Err(StoreError::Refused(
        "there are too many accounts of one name".to_owned(),
    ))
}

fn pair(
    work: &mut Work<'_>,
    shell: Shell<'_>,
    code: CodeHash,
    network: Network,
    person: PersonId,
    group: Option<(ChatId, bool)>,
) -> Result<Paired, StoreError> {
    let Some((account, desk)) = work.store.use_code(code, work.now)? else {
        return Ok(Paired::Unknown);
    };
    // Whoever was shut out since pairs nothing.
    let found = work.store.accounts().find(&account)?;
    if found.is_none_or(|found| found.disabled_at.is_some()) {
        return Ok(Paired::Unknown);
    }
    let is_unknown = |desk: &&DeskName| !shell.rules.desks.contains_key(*desk);
    if let Some(unknown) = desk.as_ref().filter(is_unknown) {
        return Ok(Paired::NoSuchDesk(unknown.clone()));
    }
    if group.is_none()
        && let Some(desk) = &desk
    {
        // It was not used for what it is for.
        let until = after(work.now, CODE_LASTS);
        work.store
            .accounts()
            .keep_code(code, &account, Some(desk), until, work.now)?;
        return Ok(Paired::WantsGroup);
    }
    let row = PersonRow {
        network,
        person,
        account: account.clone(),
        writable: group.is_none(),
        at: work.now,
    };
    work.store.keep_person(&row)?;
    trace_account(work, account.clone(), Verb::LinkedChat, &account)?;
    let (Some((chat, forum)), Some(desk)) = (group, desk) else {
        return Ok(Paired::Person(account));
    };
    let group = GroupRow {
        network,
        chat,
        desk: Some(desk.clone()),
        forum,
        by: account.clone(),
        at: work.now,
        lost_at: None,
    };
    work.store.keep_group(&group)?;
    trace(work, account.clone(), Verb::PairedGroup)?;
    work.wake.desks = true;
    // Whoever is to be rung is shown there.
    queues::tell(work, shell, &desk)?;
    Ok(Paired::Desk(desk, account))
}
