//! The job in plain teloxide and sqlx, as its own examples are written: `plain-teloxide API DATABASE`.

use std::{env, error::Error, str::FromStr};

use sqlx::{
    Row, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use teloxide::{
    prelude::*,
    types::{InlineKeyboardButton, InlineKeyboardMarkup, User},
};
use url::Url;

type Fault = Box<dyn Error + Send + Sync>;

const TOKEN: &str = "123456789:AAbenchbenchbenchbenchbenchbenchben";
const STAFF: UserId = UserId(7001);
const THANKS: [&str; 4] = ["thanks", "thank you", "thx", "cheers"];

const SCHEMA: [&str; 3] = [
    "CREATE TABLE IF NOT EXISTS messages (
        chat INTEGER, message INTEGER, customer INTEGER, party TEXT, at INTEGER, text TEXT,
        PRIMARY KEY (chat, message)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS threads (
        chat INTEGER, customer INTEGER, exchanges INTEGER, last TEXT, thanked INTEGER,
        PRIMARY KEY (chat, customer)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS prompts (
        chat INTEGER, customer INTEGER, PRIMARY KEY (chat, customer)) WITHOUT ROWID",
];
const KEEP: &str = "INSERT OR IGNORE INTO messages VALUES (?, ?, ?, ?, ?, ?)";
const COUNT: &str = "INSERT INTO threads VALUES (?, ?, 1, ?, ?)
    ON CONFLICT DO UPDATE SET exchanges = exchanges + (last <> excluded.last), last = excluded.last,
        thanked = max(thanked, excluded.thanked)
    RETURNING exchanges, thanked";
const PROMPT: &str = "INSERT OR IGNORE INTO prompts VALUES (?, ?)";

#[tokio::main]
async fn main() -> Result<(), Fault> {
    let mut arguments = env::args().skip(1);
    let api = arguments.next().ok_or("the Bot API's address is missing")?;
    let database = arguments.next().ok_or("the database is missing")?;
    let options = SqliteConnectOptions::from_str(&format!("sqlite://{database}"))?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new().max_connections(1);
    let database = pool.connect_with(options).await?;
    for table in SCHEMA {
        sqlx::query(table).execute(&database).await?;
    }
    let bot = Bot::new(TOKEN).set_api_url(Url::parse(&api)?);
    Dispatcher::builder(bot, Update::filter_message().endpoint(take))
        .dependencies(dptree::deps![database])
        .enable_ctrlc_handler()
        .build()
        .dispatch()
        .await;
    Ok(())
}

async fn take(bot: Bot, message: Message, database: SqlitePool) -> Result<(), Fault> {
    let (Some(from), Some(text)) = (&message.from, message.text()) else {
        return Ok(());
    };
    let is_staff = from.id == STAFF;
    let answered = message.reply_to_message();
    let customer = match is_staff {
        true => answered.and_then(|answered| answered.from.as_ref()),
        false => Some(from),
    };
    let Some(customer) = customer else {
        return Ok(());
    };
    let party = if is_staff { "agent" } else { "customer" };
    if record(&database, &message, customer, party, text).await? {
        let data = format!("claim:{}", customer.id);
        let button = InlineKeyboardButton::callback("Claim", data);
        let said = format!("{} is still not helped: {text}", customer.first_name);
        bot.send_message(ChatId(message.chat.id.0 - 1_000_000_000), said)
            .reply_markup(InlineKeyboardMarkup::new([[button]]))
            .await?;
    }
    Ok(())
}

/// Keeps a message; whether its agents are to be told.
async fn record(
    database: &SqlitePool,
    message: &Message,
    customer: &User,
    party: &str,
    text: &str,
) -> Result<bool, Fault> {
    let customer = i64::try_from(customer.id.0)?;
    let mut transaction = database.begin().await?;
    let kept = sqlx::query(KEEP)
        .bind(message.chat.id.0)
        .bind(message.id.0)
        .bind(customer)
        .bind(party)
        .bind(message.date.timestamp())
        .bind(text)
        .execute(&mut *transaction)
        .await?;
    let mut prompt = false;
    if kept.rows_affected() > 0 {
        let lower = text.to_lowercase();
        let thanked = party == "customer" && THANKS.iter().any(|words| lower.contains(words));
        let thread = sqlx::query(COUNT)
            .bind(message.chat.id.0)
            .bind(customer)
            .bind(party)
            .bind(i64::from(thanked))
            .fetch_one(&mut *transaction)
            .await?;
        let (exchanges, thanked): (i64, i64) = (thread.get(0), thread.get(1));
        if party == "customer" && exchanges == 3 && thanked == 0 {
            let new = sqlx::query(PROMPT).bind(message.chat.id.0).bind(customer);
            prompt = new.execute(&mut *transaction).await?.rows_affected() > 0;
        }
    }
    transaction.commit().await?;
    Ok(prompt)
}
