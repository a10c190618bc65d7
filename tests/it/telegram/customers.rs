//! What customers do in Telegram is in the store once each, in its order, through kills and cuts: in
//! private with the bot, and in a Business account's chats.

use rusqlite::Connection;

use crate::support::{
    bot::Home,
    telegram::{Content, Fault, Person, Telegram},
};

const CHANNELS: &str = "[channels.telegram]\nkind = \"telegram\"\n\
    [channels.business]\nkind = \"telegram_business\"\n";

fn home(telegram: &Telegram) -> Home {
    Home::new(&format!("{}{CHANNELS}", telegram.settings()))
}

/// The one column of what a query finds.
fn found(home: &Home, sql: &str) -> Vec<String> {
    let database = Connection::open(home.path("ringback.db")).expect("opened");
    let mut query = database.prepare(sql).expect("a query");
    let rows = query.query_map([], |row| row.get(0)).expect("rows");
    rows.collect::<Result<_, _>>().expect("readable")
}

/// What people wrote, in order of arrival, as it stands now.
fn written(home: &Home) -> Vec<String> {
    let sql = "SELECT party || ': ' || text FROM messages WHERE party <> 'bot' ORDER BY id";
    found(home, sql)
}

fn blocked(home: &Home) -> usize {
    let sql = "SELECT notice FROM notices WHERE notice LIKE '%blocked%' AND ended_at IS NULL";
    found(home, sql).len()
}

/// Everything that a customer can do in private.
fn does_everything(rosa: &Person) {
    rosa.starts();
    let first = rosa.writes("My bil is wrong");
    rosa.edits(&first, "My bill is wrong");
    rosa.edits(&first, "My bill of May is wrong");
    rosa.sends_photo("This one");
    rosa.sends_photo("");
    rosa.sends(Content::Voice);
    rosa.shares_contact("442079460142");
    rosa.blocks_the_bot();
}

#[tokio::test]
async fn all_that_a_customer_does_is_kept_once_and_in_its_order() {
    let telegram = Telegram::start();
    let home = home(&telegram);
    let bot = home.start();
    let rosa = telegram.customer("Rosa");
    does_everything(&rosa);
    telegram.has_been_read().await;
    let expected = [
        "customer: My bill of May is wrong",
        "customer: This one",
        "customer: [photo]",
        "customer: [voice]",
        "customer: [contact]",
    ];
    assert_eq!(written(&home), expected);
    assert_eq!(found(&home, "SELECT name FROM profiles"), ["Rosa"]);
    assert_eq!(
        found(&home, "SELECT number || ' ' || source FROM numbers"),
        ["+442079460142 channel"]
    );
    assert_eq!(blocked(&home), 1);
    rosa.unblocks_the_bot();
    rosa.writes("Hello?");
    telegram.has_been_read().await;
    assert_eq!(blocked(&home), 0);
    drop(bot);
}

#[tokio::test]
async fn a_kill_in_the_middle_and_a_network_that_is_cut_change_nothing_of_it() {
    let telegram = Telegram::start();
    let home = home(&telegram);
    let bot = home.start();
    let rosa = telegram.customer("Rosa");
    let lock = home.lock_database();
    does_everything(&rosa);
    bot.kill();
    drop(lock);
    for fault in [Fault::CutBefore, Fault::CutAfter, Fault::GarbageAfter] {
        telegram.fails("getUpdates", 1, &fault);
    }
    let bot = home.start();
    telegram.has_failed().await;
    telegram.has_been_read().await;
    bot.kill();
    let bot = home.start();
    rosa.unblocks_the_bot();
    rosa.writes("Hello?");
    telegram.has_been_read().await;
    let expected = [
        "customer: My bill of May is wrong",
        "customer: This one",
        "customer: [photo]",
        "customer: [voice]",
        "customer: [contact]",
        "customer: Hello?",
    ];
    assert_eq!(written(&home), expected);
    assert_eq!(blocked(&home), 0);
    drop(bot);
}

#[tokio::test]
async fn both_sides_of_a_business_account_are_seen_once_it_is_ours() {
    let telegram = Telegram::start();
    let home = home(&telegram);
    let (olga, rosa) = (telegram.person("Olga"), telegram.customer("Rosa"));
    let business = telegram.business(&olga);
    let bot = home.start();
    business.hears(&rosa, "Nobody has said yet whose this is");
    telegram.has_been_read().await;
    assert!(written(&home).is_empty());
    bot.kill();
    let accepted = format!(
        "INSERT OR REPLACE INTO chat_connections (network, connection, person, chat, state,
             is_enabled, may_reply, at)
         VALUES ('telegram', '{}', '{id}', '{id}', 'accepted', 1, 1, 0)",
        business.id(),
        id = olga.id()
    );
    let database = Connection::open(home.path("ringback.db")).expect("opened");
    database.execute_batch(&accepted).expect("accepted");
    drop(database);
    let bot = home.start();
    let asks = business.hears(&rosa, "My bil is wrong");
    rosa.edits(&asks, "My bill is wrong");
    business.writes(&rosa, "Which month?");
    let number = business.hears(&rosa, "Ask my husband");
    business.deletes(&[&number]);
    business.hears(&rosa, "May");
    telegram.has_been_read().await;
    assert_eq!(
        written(&home),
        [
            "customer: My bill is wrong",
            "agent: Which month?",
            "customer: [deleted]",
            "customer: May",
        ]
    );
    drop(bot);
}
