//! A desk that opens after a night: its rules, and what was decided while it was closed made unsure.

use rusqlite::Connection;

use super::bot::Home;

/// A desk that is open around noon, in a zone where it is noon now.
pub(crate) fn open_now() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "the program under test goes by the machine's clock"
    )]
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    let east = 12 - now.hour();
    // The names of these zones count to the west.
    let zone = match east {
        0 => "Etc/UTC".to_owned(),
        east => format!("Etc/GMT{:+}", -east),
    };
    format!(
        "[desks.main]\nquiet_hours = \"never\"\nzone = \"{zone}\"\nhours = [\"mon-sun 06:00-20:00\"]\n"
    )
}

/// As if each thank-you so far had come in the night, read less surely than is safe. The bot must not run.
pub(crate) fn thanks_became_unsure(home: &Home) {
    let database = Connection::open(home.path("ringback.db")).expect("opened");
    let long_ago = "BEGIN;
        DELETE FROM digests;
        INSERT INTO being_forgotten SELECT id FROM threads;
        UPDATE decisions SET confidence = 0.8 WHERE rule = 'thanks';
        DELETE FROM being_forgotten;
        COMMIT;";
    database.execute_batch(long_ago).expect("changed");
}
