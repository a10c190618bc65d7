//! Which role may do what: every route of the program, for nobody, an agent of another desk, an agent,
//! a supervisor and an admin. A route without a row here fails the test that reads `src/web`.

mod scan;
mod table;

use std::collections::BTreeSet;

use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{
    bot::{Bot, Home},
    client::customer,
    person::Person,
};
use scan::routes_of_the_program;
use table::{OPEN, table};

const ROLES: [&str; 5] = ["", "outsider", "agent", "supervisor", "admin"];

/// A bot with a web chat, an account of each role, and a callback on one thread.
async fn busy_bot() -> (Home, Bot) {
    let home = Home::new("rules = \"rules.toml\"\n[channels.web]\nkind = \"webchat\"");
    let rules = "[desks.main]\nmembers = [\"agent\"]\n";
    std::fs::write(home.path("rules.toml"), rules).expect("rules written");
    for (name, role) in [
        ("outsider", "agent"),
        ("agent", "agent"),
        ("supervisor", "supervisor"),
        ("admin", "admin"),
        ("other", "agent"),
    ] {
        home.user(name, role);
    }
    let bot = home.start();
    let turn = |minute: u32| {
        let mut message = customer("t", &minute.to_string(), "My bill is still wrong!");
        message["at"] = json!(format!("2026-01-05T10:{minute:02}:00Z"));
        message
    };
    let turns: Value = [0, 15, 30].into_iter().map(turn).collect();
    let client = bot.client(&home.token());
    assert_eq!(client.messages(&turns).await.results().len(), 3);
    let database = Connection::open(home.path("ringback.db")).expect("opened");
    let check_waits = database.execute_batch(
        "UPDATE accounts SET checks_identity = 1 WHERE name <> 'supervisor';
         INSERT INTO form_requests (id, thread_id, customer_id, case_number, desk, purpose, form,
             language, state, asked_at, until, submitted_at)
         SELECT 1, id, customer_id, 1, 'main', 'identity', 'address', 'en', 'submitted', 0, 0, 0
         FROM threads;
         INSERT INTO submissions (request_id, sealed, received_at, delete_at)
         VALUES (1, x'00', 0, 9000000000000000);",
    );
    check_waits.expect("added");
    (home, bot)
}

/// Begins a session behind the program's back, since signing in so often is limited.
fn session(database: &Connection, role: &str, number: usize) -> (String, String) {
    let token = format!("rb_{role}-{number}");
    let hash: [u8; 32] = Sha256::digest(&token).into();
    let begun = database.execute(
        "INSERT INTO sessions (hash, account_id, by_link, started_at, seen_at, expires_at)
         SELECT ?1, id, 0, created_at, created_at, created_at + 3600000000
         FROM accounts WHERE name = ?2",
        (hash, role),
    );
    assert_eq!(begun, Ok(1));
    let csrf = Sha256::digest(format!("ringback form {token}"));
    (format!("ringback={token}"), hex::encode(csrf))
}

#[tokio::test]
async fn every_route_answers_each_role_as_the_table_says() {
    let (home, bot) = busy_bot().await;
    let database = Connection::open(home.path("ringback.db")).expect("opened");
    let mut wrong = Vec::new();
    for (number, (route, at, form, expected)) in table().enumerate() {
        let (method, _) = route.split_once(' ').expect("a method");
        for (role, expected) in ROLES.into_iter().zip(*expected) {
            let mut person = Person::new(&bot);
            if !role.is_empty() {
                let (cookie, csrf) = session(&database, role, number);
                (person.cookie, person.csrf) = (Some(cookie), csrf);
            }
            let status = if method == "GET" {
                person.get(at).await.status
            } else {
                let fields: Vec<(String, String)> =
                    serde_urlencoded::from_str(form).expect("a form");
                let fields: Vec<(&str, &str)> = fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect();
                if role.is_empty() || OPEN.iter().any(|(open, ..)| open == route) {
                    person.send_form(at, &fields).await.status
                } else {
                    person.submit(at, &fields).await.status
                }
            };
            if status != expected {
                wrong.push(format!("{route} for {role:?}: {status}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_route_of_the_program_has_a_row() {
    let known: Vec<&str> = table().map(|(route, ..)| *route).collect();
    let listed: BTreeSet<&str> = known.iter().copied().collect();
    assert_eq!(known.len(), listed.len(), "each route has one row");
    let there = routes_of_the_program();
    let there: BTreeSet<&str> = there.iter().map(String::as_str).collect();
    assert!(there.len() > 30, "the routes are found: {there:?}");
    let missing: Vec<_> = there.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&there).collect();
    assert!(missing.is_empty(), "routes without a row: {missing:#?}");
    assert!(gone.is_empty(), "rows without a route: {gone:#?}");
}

#[tokio::test]
async fn a_form_does_nothing_for_who_may_not_even_with_the_right_csrf() {
    let (home, bot) = busy_bot().await;
    let database = Connection::open(home.path("ringback.db")).expect("opened");
    let (cookie, csrf) = session(&database, "supervisor", 0);
    let mut supervisor = Person::new(&bot);
    (supervisor.cookie, supervisor.csrf) = (Some(cookie), csrf);
    let promoted = supervisor
        .submit("/accounts/supervisor/role", &[("role", "admin")])
        .await;
    promoted.assert_page(403, "needs the role admin");
    let role: String = database
        .query_row(
            "SELECT role FROM accounts WHERE name = 'supervisor'",
            [],
            |row| row.get(0),
        )
        .expect("there");
    assert_eq!(role, "supervisor");
    let put = supervisor
        .request(Method::PUT, "/accounts", &[], String::new())
        .await;
    put.assert_page(405, "cannot be used like that");
}
