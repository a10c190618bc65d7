//! New rules take the place of old ones only if they are good.

use super::*;
use crate::store::rows::{CallbackState, Page};

/// Rules that a test can change, and the closure that loads them.
fn changeable() -> (Arc<Mutex<Result<Rules, String>>>, LoadRules) {
    let file = Arc::new(Mutex::new(Ok(rules("v1"))));
    let read = Arc::clone(&file);
    let load: LoadRules = Arc::new(move || {
        let rules = read.lock().expect("no panic").clone()?;
        let reader = Reader::new(&rules.vocabulary).expect("a reader");
        Ok((rules, reader))
    });
    (file, load)
}

#[tokio::test]
async fn good_rules_are_taken_and_decide_from_the_next_message_on() {
    let mut setup = Setup::new();
    let (file, load) = changeable();
    setup.reload = Some((setup.folder.path().join("rules.toml"), load));
    let bot = setup.start().await;
    bot.customer("t1", "m1", 0).await;
    let mut sooner = rules("v2");
    sooner.defaults.exchanges = 2;
    *file.lock().expect("no panic") = Ok(sooner);
    let status = bot.handle.reload().await;
    assert_eq!(status.version.to_string(), "v2");
    assert_eq!(status.last_error, None);
    let second = bot.customer("t1", "m2", 20).await;
    assert_eq!(second.rule.to_string(), "rule_of_three");
    bot.stop().await;
}

#[tokio::test]
async fn a_bad_file_leaves_the_good_rules_in_force_and_says_so_until_it_is_mended() {
    let mut setup = Setup::new();
    let (file, load) = changeable();
    setup.reload = Some((setup.folder.path().join("rules.toml"), load));
    let bot = setup.start().await;
    *file.lock().expect("no panic") = Err("line 3: `exchange` is no key".to_owned());
    let status = bot.handle.reload().await;
    assert_eq!(status.version.to_string(), "v1");
    let error = status.last_error.expect("an error");
    assert_eq!(error.message, "line 3: `exchange` is no key");
    assert_eq!(error.at, setup.clock.now());
    assert_eq!(bot.customer("t1", "m1", 0).await.exchange, 1);
    *file.lock().expect("no panic") = Ok(rules("v1"));
    assert_eq!(bot.handle.reload().await.last_error, None);
    bot.stop().await;
}

#[tokio::test]
async fn a_change_of_the_file_is_noticed_also_when_an_editor_replaces_it() {
    let mut setup = Setup::new();
    let (file, load) = changeable();
    let path = setup.folder.path().join("rules.toml");
    std::fs::write(&path, "one").expect("written");
    setup.reload = Some((path.clone(), load));
    let bot = setup.start().await;
    *file.lock().expect("no panic") = Ok(rules("v2"));
    let noticed = async {
        // Written again and again, for the watcher may not be at work yet.
        while bot.handle.rules_status().version.to_string() != "v2" {
            let draft = setup.folder.path().join("rules.toml~");
            std::fs::write(&draft, "two").expect("written");
            std::fs::rename(&draft, &path).expect("replaced");
            let settled = super::super::reload::SETTLED_AFTER * 2;
            let changed = async {
                while bot.handle.rules_status().version.to_string() != "v2" {
                    tokio::task::yield_now().await;
                }
            };
            drop(tokio::time::timeout(settled, changed).await);
        }
    };
    tokio::time::timeout(PATIENCE, noticed)
        .await
        .expect("noticed");
    bot.stop().await;
}

#[tokio::test]
async fn new_rules_look_at_every_open_callback_again() {
    let mut setup = Setup::new();
    let (file, load) = changeable();
    setup.reload = Some((setup.folder.path().join("rules.toml"), load));
    let bot = setup.start().await;
    bot.three_questions("t1").await;
    bot.three_questions("t2").await;
    // A callback that must not be: its customer has come to stand on the do-not-call list.
    setup
        .meddle(
            "UPDATE customers SET do_not_call = 1
             WHERE id = (SELECT customer_id FROM threads WHERE thread = 't2')",
        )
        .expect("changed");
    *file.lock().expect("no panic") = Ok(rules("v2"));
    bot.handle.reload().await;
    let callbacks = bot
        .handle
        .store()
        .callbacks(Default::default(), Page::first(9));
    let states: Vec<(String, CallbackState)> = callbacks
        .await
        .expect("readable")
        .items
        .iter()
        .map(|callback| (callback.thread.to_string(), callback.state))
        .collect();
    assert_eq!(
        states,
        [
            ("t2".to_owned(), CallbackState::Withdrawn),
            ("t1".to_owned(), CallbackState::Due)
        ]
    );
    bot.stop().await;
}
