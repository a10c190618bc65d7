//! A customer who is sent a form, in a real browser: filled in right, mended, opened twice, too late;
//! without scripts, on a small phone, with a screen reader.

use serde_json::{Value, json};

use super::people::Team;
use crate::support::{
    browser::{Like, Window},
    form::Asked,
};

/// A team with one thread, whose customer is sent forms.
async fn team() -> Team {
    let rules = "[desks.main]\nbrand = \"Northwind Energy\"\n";
    let team = Team::start_with_rules(rules);
    let api = team.bot().client(&team.home.token());
    let sent = json!({
        "channel": "chat", "thread": "t", "id": "1", "from": "customer", "author": "@robin",
        "text": "Please change the address of my account",
    });
    assert_eq!(api.messages(&sent).await.status, 200);
    team
}

/// Opens a link and presses its button.
async fn opens(window: &Window, team: &Team, link: &str) {
    window.goto(&format!("{}{link}", team.url)).await;
    window.click("main form button").await;
    window.find("main form input[name=csrf]").await;
}

async fn fills_in(window: &Window, fields: &[(&str, &str)]) {
    for (name, text) in fields {
        window.type_into(&format!("#f-{name}"), text).await;
    }
}

#[tokio::test]
async fn a_form_that_is_filled_in_right_arrives_and_its_link_is_nowhere_any_more() {
    let team = team().await;
    let form = Asked::identity(&team.home);
    let window = Window::open().await;
    opens(&window, &team, &form.link("rb_once")).await;
    assert_eq!(window.url().await.path(), "/form");
    let fields = [
        ("full_name", "Robin Doe"),
        ("birth_date", "4 May 1990"),
        ("postal_code", "QX4 7ZZ"),
    ];
    fills_in(&window, &fields).await;
    window.click("main form button").await;
    window.shows("h1", "Thank you").await;
    assert_eq!(form.state(), "submitted");
    // Going back shows that it has arrived, and nothing of what was typed.
    window.goto(&format!("{}/form", team.url)).await;
    window.shows("h1", "Thank you").await;
    window.goto(&format!("{}/form/rb_once", team.url)).await;
    window.shows("h1", "does not open a form").await;
}

#[tokio::test]
async fn a_mistake_is_mended_with_nothing_lost() {
    let team = team().await;
    let form = Asked::identity(&team.home);
    let window = Window::open().await;
    opens(&window, &team, &form.link("rb_once")).await;
    fills_in(
        &window,
        &[("full_name", "Robin Doe"), ("birth_date", "soon")],
    )
    .await;
    window.click("main form button").await;
    // The list of what is wrong has the focus, and leads to each field.
    window.shows(".summary", "Your date of birth").await;
    let focused = "return document.activeElement.className";
    assert_eq!(window.evaluate(focused).await, "summary");
    window.click(".summary a[href='#f-birth_date']").await;
    let focused = "return document.activeElement.id";
    assert_eq!(window.evaluate(focused).await, "f-birth_date");
    let typed = "return ['full_name', 'birth_date', 'postal_code']
        .map((name) => document.getElementById('f-' + name).value)";
    assert_eq!(
        window.evaluate(typed).await,
        json!(["Robin Doe", "soon", ""])
    );
    window.assert_accessible().await;
    window.picture("form-wrong").await;
    window.evaluate("document.activeElement.value = ''").await;
    let fields = [("birth_date", "1990-05-04"), ("postal_code", "QX4 7ZZ")];
    fills_in(&window, &fields).await;
    window.click("main form button").await;
    window.shows("h1", "Thank you").await;
    assert_eq!(form.state(), "submitted");
}

#[tokio::test]
async fn a_form_works_without_javascript_and_by_keyboard_alone() {
    let team = team().await;
    let form = Asked::details(&team.home);
    let window = Window::like(Like::WITHOUT_SCRIPTS).await;
    let link = form.link("rb_once");
    window.goto(&format!("{}{link}", team.url)).await;
    window.shows("h1", "would like to ring you").await;
    window.tab_to("main form button").await;
    window.press("\u{e007}").await;
    window.find("#number").await;
    window.tab_to("#number").await;
    window.press("+44 20 7946 0123").await;
    window.tab_to("#consent").await;
    window.press(" ").await;
    window.press("\u{e007}").await;
    window.shows("h1", "Thank you").await;
    assert_eq!(form.state(), "submitted");
}

#[tokio::test]
async fn from_the_button_in_the_chat_to_verified_on_the_desk() {
    const PASSWORD: &str = "correct horse battery";
    let team = Team::start();
    let customer = team.customer().await;
    customer
        .writes("I have moved, please change my address")
        .await;
    customer.click(".open-form").await;
    customer.enter_new_tab().await;
    customer.shows("h1", "needs to check that it is you").await;
    customer.click("main form button").await;
    let fields = [
        ("full_name", "Robin Quillfeather"),
        ("birth_date", "4 May 1990"),
        ("postal_code", "QX4 7ZZ"),
    ];
    customer.find("#f-full_name").await;
    fills_in(&customer, &fields).await;
    customer.click("main form button").await;
    customer.shows("h1", "Thank you").await;
    customer.back_to_first_tab().await;
    customer.reads("Your form has reached us safely").await;
    customer.gone(".open-form").await;

    let agent = team.agent("kim", "admin").await;
    let allowed = team.home.run(&["user", "checks", "kim", "on"]);
    assert!(allowed.status.success(), "{allowed:?}");
    agent.sets_password(PASSWORD).await;
    agent.opens("/desk/threads?state=waiting_on_us").await;
    agent.click("a[data-thread]").await;
    agent.shows("main", "please change my address").await;
    let thread = agent.texts("body").await.concat();
    assert!(!thread.contains("Quillfeather"), "{thread}");
    agent.opens("/desk/checks").await;
    agent.click("#checks a").await;
    agent.find("form[action$='/open']").await;
    agent.assert_accessible().await;
    agent.picture("check").await;
    agent.type_into("#password", PASSWORD).await;
    agent.click("form[action$='/open'] button").await;
    agent.shows("#answers + dl", "Robin Quillfeather").await;
    agent.shows("#answers + dl", "1990-05-04").await;
    agent.click("button[value=verified]").await;
    agent
        .shows("main", "What the customer sent is deleted")
        .await;
    customer.reads("Your identity check is done").await;
    for window in [&*customer, &*agent] {
        let shown = window.texts("body").await.concat();
        assert!(!shown.contains("Quillfeather"), "{shown}");
    }
}

#[tokio::test]
async fn who_rather_stays_in_the_chat_needs_one_press() {
    let team = team().await;
    let form = Asked::details(&team.home);
    let window = Window::open().await;
    opens(&window, &team, &form.link("rb_once")).await;
    window.click("button[value=stay]").await;
    window.shows("h1", "Thank you").await;
    assert_eq!(form.state(), "submitted");
}

#[tokio::test]
async fn a_link_that_was_used_or_is_too_old_says_what_to_do() {
    let team = team().await;
    let form = Asked::identity(&team.home);
    let link = form.link("rb_once");
    opens(&Window::open().await, &team, &link).await;
    let window = Window::open().await;
    window.goto(&format!("{}{link}", team.url)).await;
    window.shows("main", "ask us for a new link").await;
    window.assert_accessible().await;
    let late = form.link("rb_late");
    window.goto(&format!("{}{late}", team.url)).await;
    window.shows("h1", "needs to check that it is you").await;
    form.expire_link("rb_late");
    window.click("main form button").await;
    window.shows("main", "ask us for a new link").await;
}

/// Every page of the forms, in turn.
async fn on_each_page(window: &Window, team: &Team, check: impl AsyncFn(&Window, &str)) {
    let identity = Asked::identity(&team.home);
    window
        .goto(&format!("{}{}", team.url, identity.link("rb_1")))
        .await;
    window.find(".genuine").await;
    check(window, "link").await;
    window.click("main form button").await;
    window.find("#f-full_name").await;
    check(window, "identity").await;
    window.click("main form button").await;
    window.find(".summary").await;
    check(window, "wrong").await;
    let details = Asked::details(&team.home);
    opens(window, team, &details.link("rb_2")).await;
    check(window, "details").await;
    window.click("button[value=ring]").await;
    window.find(".summary").await;
    check(window, "details-wrong").await;
    for (path, page) in [("/form/rb_0", "gone"), ("/form/done", "done")] {
        window.goto(&format!("{}{path}", team.url)).await;
        window.find(".notice").await;
        check(window, page).await;
    }
}

#[tokio::test]
async fn axe_finds_nothing_serious_on_any_form_in_light_or_dark() {
    let team = team().await;
    let window = Window::open().await;
    on_each_page(&window, &team, async |window, page| {
        window.assert_accessible().await;
        window.picture(&format!("form-{page}")).await;
        window.prefer("dark").await;
        window.picture(&format!("form-{page}-dark")).await;
        window.prefer("light").await;
    })
    .await;
}

#[tokio::test]
async fn the_picture_of_a_link_s_page_is_taken_for_the_documentation() {
    let team = team().await;
    let tall = Like {
        width: 640,
        height: 1330,
        ..Like::LAPTOP
    };
    let window = Window::like(tall).await;
    let link = Asked::identity(&team.home).link("rb_once");
    window.goto(&format!("{}{link}", team.url)).await;
    window.shows("main", "Open the form").await;
    window.picture("form").await;
}

/// Targets that are too small to hit (WCAG 2.2, 2.5.8), but for links within a sentence.
const TOO_SMALL: &str = "return [...document.querySelectorAll('a, button, input, select')]
    .filter((one) => one.type !== 'hidden')
    .map((one) => [one.outerHTML, one.closest('label') ?? one])
    .filter(([, one]) => one.getBoundingClientRect().height < 24)
    .map(([html]) => html)";

#[tokio::test]
async fn forms_fit_a_small_phone_and_a_zoom_of_four_hundred_percent() {
    let team = team().await;
    let window = Window::like(Like::PHONE).await;
    on_each_page(&window, &team, async |window, page| {
        window.assert_fits().await;
        assert_eq!(window.evaluate(TOO_SMALL).await, json!([]), "{page}");
        window.picture(&format!("form-{page}-phone")).await;
    })
    .await;
    // A laptop's window at 400 %: so few CSS pixels are left.
    let zoomed = Like {
        width: 320,
        height: 225,
        ..Like::PHONE
    };
    let team = self::team().await;
    let window = Window::like(zoomed).await;
    on_each_page(&window, &team, async |window, _| window.assert_fits().await).await;
}

#[tokio::test]
async fn forms_fit_in_every_language_on_a_small_phone() {
    let team = team().await;
    let window = Window::like(Like::PHONE).await;
    for language in ["de", "es", "fr", "it", "pt"] {
        let form = Asked::identity(&team.home);
        let link = form.link(&format!("rb_{language}"));
        window.goto(&format!("{}{link}", team.url)).await;
        window.click(&format!("a[hreflang={language}]")).await;
        window.find(&format!("html[lang={language}]")).await;
        window.assert_fits().await;
        window.click("main form button").await;
        window
            .find(&format!("html[lang={language}] #f-full_name"))
            .await;
        window.assert_fits().await;
        window.click("main form button").await;
        window
            .find(&format!("html[lang={language}] .summary"))
            .await;
        window.assert_fits().await;
    }
}

/// What a screen reader says of an element that can be filled in or pressed: role, name, help.
fn spoken(node: &Value) -> Option<String> {
    let role = node["role"]["value"].as_str()?;
    [
        "textbox", "checkbox", "radio", "combobox", "button", "heading", "alert",
    ]
    .contains(&role)
    .then(|| {
        let name = node["name"]["value"].as_str().unwrap_or_default();
        let help = node["description"]["value"].as_str().unwrap_or_default();
        let invalid = node["properties"].as_array().is_some_and(|all| {
            all.iter()
                .any(|one| one["name"] == "invalid" && one["value"]["value"] == "true")
        });
        let invalid = if invalid { " (invalid)" } else { "" };
        format!("{role}: {name} [{help}]{invalid}")
    })
}

#[tokio::test]
async fn a_screen_reader_says_what_each_field_is_for_and_what_is_wrong_with_it() {
    let team = team().await;
    let form = Asked::details(&team.home);
    let window = Window::open().await;
    opens(&window, &team, &form.link("rb_once")).await;
    window.type_into("#number", "020 7946 0123").await;
    window.click("button[value=ring]").await;
    window.find(".summary").await;
    let tree = window.accessibility_tree().await;
    let spoken: Vec<String> = tree.iter().filter_map(spoken).collect();
    insta::assert_snapshot!(spoken.join("\n"), @r"
    alert: Please check what you typed []
    heading: Where and when may we ring you? []
    heading: Please check what you typed []
    textbox: Your phone number [With + and the country code, for example +44 20 7946 0123 Error: We have put the country code in front. Please check the number, and send it again.] (invalid)
    combobox: When does it suit you? [Times are London time.]
    textbox: Or in your own words (optional) [For example “weekdays after five”. Leave it empty if any time will do.]
    button: Please ring me []
    button: No call, stay in the chat []
    checkbox: I agree that Northwind Energy rings me on this number about this conversation. [You can change your mind at any time: just tell us in the conversation. Error: Please tick this box if we may ring you, or choose to stay in the chat.] (invalid)
    ");
}
