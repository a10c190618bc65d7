//! Which commands are offered where.

use super::*;
use crate::{
    domain::{
        ids::{self, AccountName, DeskName, PersonId, ShownName},
        time::Timestamp,
    },
    store::rows::chat::{GroupRow, PersonRow},
};

fn at() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

fn account(name: &str, role: Role) -> AccountRow {
    AccountRow {
        name: AccountName::parse(name).unwrap(),
        shown: ShownName::parse(name).unwrap(),
        role,
        has_password: false,
        has_second_factor: false,
        checks_identity: false,
        recipient: None,
        created_at: at(),
        signed_in_at: None,
        disabled_at: None,
    }
}

fn person(id: &str, account: &str) -> PersonRow {
    PersonRow {
        network: Network::Telegram,
        person: PersonId::parse(id).unwrap(),
        account: AccountName::parse(account).unwrap(),
        writable: true,
        at: at(),
    }
}

fn group(id: &str, desk: Option<&str>) -> GroupRow {
    GroupRow {
        network: Network::Telegram,
        chat: ids::ChatId::parse(id).unwrap(),
        desk: desk.map(|desk| DeskName::parse(desk).unwrap()),
        forum: false,
        by: AccountName::parse("ana").unwrap(),
        at: at(),
        lost_at: None,
    }
}

fn named(offers: &[Offer], chat: i64) -> Vec<&str> {
    let scope = BotCommandScope::Chat {
        chat_id: Recipient::Id(ChatId(chat)),
    };
    let found = offers.iter().find(|offer| offer.scope == scope);
    let commands = &found.expect("an offer for the chat").commands;
    commands
        .iter()
        .map(|command| command.command.as_str())
        .collect()
}

fn team() -> Directory {
    Directory {
        groups: vec![group("-100", Some("main")), group("-200", None)],
        people: vec![person("1", "ana"), person("2", "kim")],
        connections: Vec::new(),
    }
}

#[test]
fn customers_are_offered_nothing() {
    let offers = offers(&team(), None, &[]);
    assert_eq!(offers[0].scope, BotCommandScope::Default);
    assert!(offers[0].commands.is_empty());
    let scope = BotCommandScope::Chat {
        chat_id: Recipient::Id(ChatId(-200)),
    };
    assert!(offers.iter().all(|offer| offer.scope != scope));
}

#[test]
fn each_is_offered_what_their_role_may_do() {
    let accounts = [account("ana", Role::Admin), account("kim", Role::Agent)];
    let offers = offers(&team(), None, &accounts);
    assert_eq!(
        named(&offers, -100),
        [
            "queue", "mine", "handover", "link", "agent", "cancel", "help"
        ]
    );
    assert_eq!(
        named(&offers, 1),
        [
            "queue", "mine", "handover", "rules", "link", "cancel", "help"
        ]
    );
    assert_eq!(
        named(&offers, 2),
        ["queue", "mine", "handover", "link", "cancel", "help"]
    );
}

#[test]
fn what_was_offered_is_taken_away_with_the_link() {
    let accounts = [account("ana", Role::Admin), account("kim", Role::Agent)];
    let mut now = team();
    now.people.pop();
    let offers = offers(&now, Some(&team()), &accounts);
    assert!(named(&offers, 2).is_empty());
}
