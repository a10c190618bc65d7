//! `ringback demo` plays its stories on the real chat and the real desk.

use crate::support::{browser::Window, demo::Demo};

/// Plays a story to its end; leaves the window in the desk's pane.
async fn plays(story: &str, steps: usize) -> (Demo, Window) {
    let demo = Demo::start();
    let window = Window::open().await;
    window.goto(&format!("{}/demo", demo.url)).await;
    // The letters come at once, and nothing slides.
    window.calm().await;
    window.click(&format!("[data-play={story}]")).await;
    for step in 1..=steps {
        window
            .shows("#demo-caption", &format!("{step} of {steps}."))
            .await;
    }
    window.gone("body[data-playing]").await;
    // It has not given up, which it would say.
    let last = format!("{steps} of {steps}.");
    window.shows("#demo-caption", &last).await;
    window.enter("#demo-desk").await;
    (demo, window)
}

#[tokio::test]
async fn one_of_its_stories_ends_in_a_callback() {
    let (_demo, desk) = plays("callback", 4).await;
    desk.shows(".card", "Why am I charged twice?").await;
    desk.find("form[action$='/claim']").await;
}

#[tokio::test]
async fn another_ends_in_thanks() {
    let (_demo, desk) = plays("thanks", 4).await;
    desk.shows("a[data-thread]", "Found it, thank you very much!")
        .await;
}

#[tokio::test]
async fn the_third_offers_a_form_which_the_visitor_may_check() {
    let (_demo, window) = plays("form", 2).await;
    window.shows("#checks", "Nothing to check").await;
    window.back_to_first_tab().await;
    window.enter("#demo-chat").await;
    window.click(".open-form").await;
    window.enter_new_tab().await;
    window.click("main form button").await;
    for (field, text) in [
        ("#f-full_name", "Robin Doe"),
        ("#f-birth_date", "4 May 1990"),
        ("#f-postal_code", "QX4 7ZZ"),
    ] {
        window.type_into(field, text).await;
    }
    window.click("main form button").await;
    window.shows("h1", "Thank you").await;
    window.back_to_first_tab().await;
    window.enter("#demo-desk").await;
    window.click("#checks a").await;
    window.click("form[action$='/open'] button").await;
    window.shows("#answers + dl", "Robin Doe").await;
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
