//! `ringback demo` plays both of its stories on the real chat and the real desk.

use crate::support::{browser::Window, demo::Demo};

/// Plays a story to its end; leaves the window in the desk's pane.
async fn plays(story: &str) -> (Demo, Window) {
    let demo = Demo::start();
    let window = Window::open().await;
    window.goto(&format!("{}/demo", demo.url)).await;
    // The letters come at once, and nothing slides.
    window.calm().await;
    window.click(&format!("[data-play={story}]")).await;
    for step in 1..=4 {
        window
            .shows("#demo-caption", &format!("{step} of 4."))
            .await;
    }
    window.gone("body[data-playing]").await;
    // It has not given up, which it would say.
    window.shows("#demo-caption", "4 of 4.").await;
    window.enter("#demo-desk").await;
    (demo, window)
}

#[tokio::test]
async fn one_of_its_stories_ends_in_a_callback() {
    let (_demo, desk) = plays("callback").await;
    desk.shows(".card", "Why am I charged twice?").await;
    desk.find("form[action$='/claim']").await;
}

#[tokio::test]
async fn the_other_ends_in_thanks() {
    let (_demo, desk) = plays("thanks").await;
    desk.shows("a[data-thread]", "Found it, thank you very much!")
        .await;
}

#[tokio::test]
async fn its_page_is_for_everybody() {
    let demo = Demo::start();
    let window = Window::like(crate::support::browser::Like::PHONE).await;
    window.goto(&format!("{}/demo", demo.url)).await;
    window.find("#demo-controls:not([hidden])").await;
    window.assert_fits().await;
    window.assert_accessible().await;
}
