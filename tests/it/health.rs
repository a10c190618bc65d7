//! `ringback health`: what a container's health check goes by.

use std::process::Output;

use crate::support::{bot::Home, receiver::Receiver};

/// Asks the bot that listens there, by the settings.
fn health(home: &Home, listen: &str) -> Output {
    home.command()
        .env("RINGBACK__LISTEN", listen)
        .arg("health")
        .output()
        .expect("it runs")
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_running_bot_is_ready_and_one_that_is_gone_is_not() {
    let home = Home::new("");
    let bot = home.start();
    let url = bot.url.clone();
    let listen = url.trim_start_matches("http://");

    let asked = health(&home, listen);
    assert_eq!(asked.status.code(), Some(0), "{}", complaint(&asked));
    assert_eq!(String::from_utf8_lossy(&asked.stdout), "ready\n");
    let asked = home.run(&["health", "--url", &url]);
    assert_eq!(asked.status.code(), Some(0), "{}", complaint(&asked));

    bot.kill();
    let asked = health(&home, listen);
    assert_eq!(asked.status.code(), Some(1));
    assert!(complaint(&asked).contains("is Ringback running?"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_other_than_ready_is_not_health() {
    // It refuses whatever is not signed.
    let other = Receiver::start().await;
    let asked = Home::new("").run(&["health", "--url", &other.url()]);
    assert_eq!(asked.status.code(), Some(1));
    assert!(
        complaint(&asked).contains("not ready"),
        "{}",
        complaint(&asked)
    );
}

#[test]
fn a_port_that_nobody_can_know_is_told() {
    let home = Home::new("");
    let asked = home.run(&["health"]);
    assert_eq!(asked.status.code(), Some(1));
    assert!(complaint(&asked).contains("--url"), "{}", complaint(&asked));
}
