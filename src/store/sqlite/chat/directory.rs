//! Who is who in a chat network, and which group is for what.

use rusqlite::{Connection, Row};

use crate::{
    domain::{
        chat::Network,
        ids::{AccountName, ChatId, ConnectionId, DeskName, PersonId},
        time::Timestamp,
    },
    store::{
        StoreError,
        rows::chat::{CodeHash, ConnectionRow, ConnectionState, Directory, GroupRow, PersonRow},
        sqlite::{
            accounts::Book,
            reads::{Reads, all},
            words::{Columns, Word, micros},
            writer::Writer,
        },
    },
};

impl Reads {
    /// Who is who and what is for what.
    ///
    /// # Errors
    /// When the database cannot be read or a row is damaged.
    pub async fn chat_directory(&self) -> Result<Directory, StoreError> {
        self.query(directory).await
    }
}

impl Book<'_> {
    /// Who is who and what is for what.
    ///
    /// # Errors
    /// When the database cannot be read or a row is damaged.
    pub fn chat_directory(self) -> Result<Directory, StoreError> {
        directory(self.0)
    }

    /// Keeps a pairing code; expired ones go.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_code(
        self,
        code: CodeHash,
        account: &AccountName,
        desk: Option<&DeskName>,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "DELETE FROM pairing_codes WHERE expires_at <= ?1",
            [micros(now)],
        )?;
        self.run(
            "INSERT INTO pairing_codes (hash, account, desk, expires_at) VALUES (?1, ?2, ?3, ?4)",
            (
                code.0,
                account.as_str(),
                desk.map(DeskName::as_str),
                micros(expires_at),
            ),
        )?;
        Ok(())
    }

    /// Takes a group's role away. False if it had none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn drop_group(self, network: Network, chat: &ChatId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM chat_groups WHERE network = ?1 AND chat = ?2";
        Ok(self.run(sql, (network.word(), chat.as_str()))? > 0)
    }

    /// Takes the link of a person away. False if there was none.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn drop_person(self, network: Network, person: &PersonId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM chat_people WHERE network = ?1 AND person = ?2";
        Ok(self.run(sql, (network.word(), person.as_str()))? > 0)
    }
}

impl Writer {
    /// Uses a code up: whose it is and for which desk, if it is one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn use_code(
        &self,
        code: CodeHash,
        now: Timestamp,
    ) -> Result<Option<(AccountName, Option<DeskName>)>, StoreError> {
        self.first(
            "DELETE FROM pairing_codes WHERE hash = ?1 AND expires_at > ?2
             RETURNING account, desk",
            (code.0, micros(now)),
            |row| Ok((row.id("account")?, row.id_if_any("desk")?)),
        )
    }

    /// Gives a group a role, in the place of what it had; a desk leaves the group that it had.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn keep_group(&self, group: &GroupRow) -> Result<(), StoreError> {
        let desk = group.desk.as_ref().map(DeskName::as_str);
        self.run(
            "DELETE FROM chat_groups WHERE network = ?1 AND (chat = ?2 OR desk = ?3)",
            (group.network.word(), group.chat.as_str(), desk),
        )?;
        self.run(
            "INSERT INTO chat_groups (network, chat, desk, forum, by, at, lost_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                group.network.word(),
                group.chat.as_str(),
                desk,
                group.forum,
                group.by.as_str(),
                micros(group.at),
                group.lost_at.map(micros),
            ),
        )?;
        Ok(())
    }

    /// Keeps since when the bot is not in a group; `None`: it is again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn set_group_lost(
        &self,
        network: Network,
        chat: &ChatId,
        since: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE chat_groups SET lost_at = ?3 WHERE network = ?1 AND chat = ?2";
        self.run(sql, (network.word(), chat.as_str(), since.map(micros)))?;
        Ok(())
    }

    /// A group has another id now; what stands in it stands there.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn move_group(
        &self,
        network: Network,
        from: &ChatId,
        to: &ChatId,
    ) -> Result<(), StoreError> {
        let ids = (network.word(), from.as_str(), to.as_str());
        self.run(
            "UPDATE OR REPLACE chat_groups SET chat = ?3, lost_at = NULL WHERE network = ?1 AND chat = ?2",
            ids,
        )?;
        // What is said in its threads from now on is said there.
        self.run(
            "UPDATE group_threads SET chat = ?3 WHERE network = ?1 AND chat = ?2",
            ids,
        )?;
        // A group that became another kind begins its messages anew: those it had are not there.
        self.run(
            "DELETE FROM posts WHERE network = ?1 AND chat = ?2",
            (ids.0, ids.1),
        )?;
        self.run(
            "DELETE FROM topics WHERE network = ?1 AND chat = ?2",
            (ids.0, ids.1),
        )?;
        self.run(
            "DELETE FROM dialogues WHERE network = ?1 AND chat = ?2",
            (ids.0, ids.1),
        )?;
        Ok(())
    }

    /// Keeps whether a group has topics.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn set_forum(
        &self,
        network: Network,
        chat: &ChatId,
        forum: bool,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE chat_groups SET forum = ?3 WHERE network = ?1 AND chat = ?2";
        self.run(sql, (network.word(), chat.as_str(), forum))?;
        Ok(())
    }

    /// Links a person to an account, in the place of the one they were.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn keep_person(&self, person: &PersonRow) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO chat_people (network, person, account, writable, at)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (network, person) DO UPDATE SET account = excluded.account,
                 writable = max(writable, excluded.writable), at = excluded.at",
            (
                person.network.word(),
                person.person.as_str(),
                person.account.as_str(),
                person.writable,
                micros(person.at),
            ),
        )?;
        Ok(())
    }

    /// Keeps whether a person can be written to in private.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn set_writable(
        &self,
        network: Network,
        person: &PersonId,
        writable: bool,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE chat_people SET writable = ?3
             WHERE network = ?1 AND person = ?2 AND writable <> ?3";
        self.run(sql, (network.word(), person.as_str(), writable))?;
        Ok(())
    }

    /// Keeps how a connection stands. What an admin said of it stays.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn keep_connection(&self, connection: &ConnectionRow) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO chat_connections (network, connection, person, chat, state, is_enabled,
                 may_reply, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (network, connection) DO UPDATE SET person = excluded.person,
                 chat = excluded.chat, is_enabled = excluded.is_enabled,
                 may_reply = excluded.may_reply, at = excluded.at",
            (
                connection.network.word(),
                connection.connection.as_str(),
                connection.person.as_str(),
                connection.chat.as_str(),
                connection.state.word(),
                connection.is_enabled,
                connection.may_reply,
                micros(connection.at),
            ),
        )?;
        Ok(())
    }

    /// Keeps whether a connection is ours. False if there is none of that id.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn decide_connection(
        &self,
        network: Network,
        connection: &ConnectionId,
        state: ConnectionState,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE chat_connections SET state = ?3 WHERE network = ?1 AND connection = ?2";
        Ok(self.run(sql, (network.word(), connection.as_str(), state.word()))? > 0)
    }
}

fn directory(db: &Connection) -> Result<Directory, StoreError> {
    Ok(Directory {
        groups: all(db, "SELECT * FROM chat_groups", [], group_row)?,
        people: all(db, "SELECT * FROM chat_people", [], person_row)?,
        connections: all(db, "SELECT * FROM chat_connections", [], connection_row)?,
    })
}

fn group_row(row: &Row<'_>) -> Result<GroupRow, StoreError> {
    Ok(GroupRow {
        network: row.word("network")?,
        chat: row.id("chat")?,
        desk: row.id_if_any("desk")?,
        forum: row.get("forum")?,
        by: row.id("by")?,
        at: row.time("at")?,
        lost_at: row.time_if_any("lost_at")?,
    })
}

fn person_row(row: &Row<'_>) -> Result<PersonRow, StoreError> {
    Ok(PersonRow {
        network: row.word("network")?,
        person: row.id("person")?,
        account: row.id("account")?,
        writable: row.get("writable")?,
        at: row.time("at")?,
    })
}

fn connection_row(row: &Row<'_>) -> Result<ConnectionRow, StoreError> {
    Ok(ConnectionRow {
        network: row.word("network")?,
        connection: row.id("connection")?,
        person: row.id("person")?,
        chat: row.id("chat")?,
        state: row.word("state")?,
        is_enabled: row.get("is_enabled")?,
        may_reply: row.get("may_reply")?,
        at: row.time("at")?,
    })
}
