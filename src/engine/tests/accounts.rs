//! Accounts: sessions and links that expire, codes that work once, admins that stay.

use secrecy::SecretString;

use super::*;
use crate::{
    domain::{account::Role, ids::ShownName},
    engine::accounts::{FactorChange, LinkUse, PasswordChange, SignIn, TotpKey},
    store::rows::{
        TokenHash,
        account::{AccountChange, SessionRow},
    },
};

const GOOD: &str = "correct horse battery";

/// The hash of a made-up token.
fn token(number: u8) -> TokenHash {
    TokenHash([number; 32])
}

fn secret(text: &str) -> SecretString {
    text.to_owned().into()
}

fn shown(name: &str) -> ShownName {
    ShownName::parse(name).expect("a name")
}

impl Bot {
    /// Adds an account whose sign-in link is `link`.
    async fn account(&self, name: &str, role: Role, link: TokenHash) {
        let added = self
            .handle
            .add_account(account("root"), account(name), shown(name), role, link)
            .await;
        assert!(added.expect("added"), "{name} is taken");
    }

    /// Signs in by a link.
    async fn uses_link(&self, link: TokenHash, session: TokenHash) -> LinkUse {
        let used = self.handle.use_link(link, None, session).await;
        used.expect("an answer")
    }

    async fn signs_in(&self, name: &str, password: &str, session: TokenHash) -> SignIn {
        let name = AccountName::parse(name).ok();
        let code_link = TokenHash(session.0.map(|byte| !byte));
        let signed_in = self
            .handle
            .sign_in(name, secret(password), session, code_link);
        signed_in.await.expect("an answer")
    }

    async fn session(&self, hash: TokenHash) -> Option<SessionRow> {
        self.handle.use_session(hash).await.expect("readable")
    }

    /// An agent with a password, signed in with token 1.
    async fn kim_with_password(&self) {
        self.account("kim", Role::Agent, token(100)).await;
        self.uses_link(token(100), token(99)).await;
        let set = self
            .handle
            .set_password(token(99), secret(""), secret(GOOD), token(1));
        assert_eq!(set.await.expect("an answer"), PasswordChange::Done);
    }
}

#[tokio::test]
async fn a_link_signs_in_once_and_within_seven_days() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.account("kim", Role::Agent, token(100)).await;
    bot.account("lee", Role::Agent, token(101)).await;
    setup.clock.advance(Length::minutes(7 * 24 * 60 - 1));
    assert!(matches!(
        bot.uses_link(token(100), token(1)).await,
        LinkUse::SignedIn(_)
    ));
    assert_eq!(bot.uses_link(token(100), token(2)).await, LinkUse::Refused);
    assert!(bot.session(token(2)).await.is_none());
    setup.clock.advance(Length::minutes(1));
    assert_eq!(bot.uses_link(token(101), token(3)).await, LinkUse::Refused);
    assert_eq!(bot.uses_link(token(102), token(3)).await, LinkUse::Refused);
    bot.stop().await;
}

#[tokio::test]
async fn a_session_ends_after_twelve_idle_hours() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.kim_with_password().await;
    setup.clock.advance(Length::hours(11));
    assert!(
        bot.session(token(1)).await.is_some(),
        "it is used, so it goes on"
    );
    setup.clock.advance(Length::hours(11));
    assert!(bot.session(token(1)).await.is_some());
    setup.clock.advance(Length::hours(12));
    assert!(bot.session(token(1)).await.is_none());
    bot.stop().await;
}

#[tokio::test]
async fn a_page_that_is_merely_left_open_does_not_keep_a_session() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.kim_with_password().await;
    setup.clock.advance(Length::hours(11));
    let looked = bot.handle.session(token(1)).await;
    assert!(looked.expect("readable").is_some());
    setup.clock.advance(Length::hours(1));
    assert!(bot.session(token(1)).await.is_none());
    bot.stop().await;
}

#[tokio::test]
async fn a_session_ends_after_seven_days_however_much_it_is_used() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.kim_with_password().await;
    for _ in 0..15 {
        setup.clock.advance(Length::hours(11));
        assert!(bot.session(token(1)).await.is_some());
    }
    setup.clock.advance(Length::hours(3));
    assert!(bot.session(token(1)).await.is_none());
    bot.stop().await;
}

#[tokio::test]
async fn a_password_is_kept_as_a_hash_and_refusals_look_alike() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.kim_with_password().await;
    bot.account("lee", Role::Agent, token(101)).await;
    assert!(matches!(
        bot.signs_in("kim", GOOD, token(2)).await,
        SignIn::SignedIn(_)
    ));
    for (name, password) in [
        ("kim", "correct horse batterY"),
        ("lee", GOOD),
        ("lee", ""),
        ("nobody", GOOD),
        ("No Name", GOOD),
    ] {
        let refused = bot.signs_in(name, password, token(3)).await;
        assert_eq!(refused, SignIn::Refused, "{name}");
    }
    assert!(bot.session(token(3)).await.is_none());
    bot.stop().await;
    let file = std::fs::read(setup.database()).expect("readable");
    let has = |text: &str| {
        file.windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(has("$argon2id$") && !has(GOOD));
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions_and_gives_this_one_a_new_token() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.kim_with_password().await;
    assert!(
        bot.session(token(99)).await.is_none(),
        "the token from before"
    );
    bot.signs_in("kim", GOOD, token(2)).await;
    let change = async |present: &str, new: &str| {
        let set = bot
            .handle
            .set_password(token(2), secret(present), secret(new), token(3));
        set.await.expect("an answer")
    };
    assert_eq!(
        change("wrong", "another good one").await,
        PasswordChange::WrongPresent
    );
    assert!(matches!(
        change(GOOD, "short").await,
        PasswordChange::Unfit(_)
    ));
    assert!(
        bot.session(token(1)).await.is_some(),
        "nothing has changed yet"
    );
    assert_eq!(change(GOOD, "another good one").await, PasswordChange::Done);
    for over in [token(1), token(2)] {
        assert!(bot.session(over).await.is_none());
    }
    assert!(bot.session(token(3)).await.is_some());
    assert_eq!(bot.signs_in("kim", GOOD, token(4)).await, SignIn::Refused);
    assert_eq!(
        change("another good one", "a third good one").await,
        PasswordChange::SignedOut
    );
    bot.stop().await;
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_within_an_hour_of_signing_in_by_link() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.kim_with_password().await;
    let link = async |link, session| {
        let made = bot.handle.make_link(account("root"), account("kim"), link);
        assert!(made.await.expect("an answer"));
        bot.uses_link(link, session).await;
    };
    link(token(101), token(2)).await;
    let row = bot.session(token(2)).await.expect("signed in");
    assert!(!bot.handle.needs_present_password(&row));
    setup.clock.advance(Length::hours(1));
    assert!(
        bot.handle.needs_present_password(&row),
        "somebody may have found the browser open"
    );
    link(token(102), token(3)).await;
    let set = bot
        .handle
        .set_password(token(3), secret(""), secret("another good one"), token(4));
    assert_eq!(set.await.expect("an answer"), PasswordChange::Done);
    let row = bot.session(token(4)).await.expect("signed in");
    assert!(bot.handle.needs_present_password(&row), "it is known again");
    bot.stop().await;
}

#[tokio::test]
async fn a_code_of_the_second_factor_works_once() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.kim_with_password().await;
    let key = TotpKey::generate().expect("random bits");
    let code = || key.code_at(setup.clock.now());
    let set = async |code: String| {
        let set = bot.handle.set_second_factor(token(1), key.clone(), code);
        set.await.expect("an answer")
    };
    assert_eq!(set("000000x".to_owned()).await, FactorChange::Wrong);
    assert_eq!(set(code()).await, FactorChange::Done);

    assert_eq!(bot.signs_in("kim", GOOD, token(2)).await, SignIn::NeedsCode);
    assert!(
        bot.session(token(2)).await.is_none(),
        "a password alone is not enough"
    );
    let code_link = TokenHash(token(2).0.map(|byte| !byte));
    let give = async |code: Option<String>| {
        let used = bot.handle.use_link(code_link, code, token(3)).await;
        used.expect("an answer")
    };
    assert_eq!(give(None).await, LinkUse::WrongCode);
    assert_eq!(
        give(Some(code())).await,
        LinkUse::WrongCode,
        "used to set it up"
    );
    setup.clock.advance(Length::milliseconds(30_000));
    let next = code();
    assert!(matches!(
        give(Some(next.clone())).await,
        LinkUse::SignedIn(_)
    ));
    assert_eq!(
        give(Some(next.clone())).await,
        LinkUse::Refused,
        "the link is used up"
    );

    bot.signs_in("kim", GOOD, token(4)).await;
    let link = TokenHash(token(4).0.map(|byte| !byte));
    let again = bot.handle.use_link(link, Some(next), token(5)).await;
    assert_eq!(
        again.expect("an answer"),
        LinkUse::WrongCode,
        "the code is used up"
    );
    setup.clock.advance(Length::minutes(5));
    let late = bot.handle.use_link(link, Some(code()), token(5)).await;
    assert_eq!(late.expect("an answer"), LinkUse::Refused);
    bot.stop().await;
}

#[tokio::test]
async fn a_browser_left_open_is_not_enough_to_replace_the_second_factor() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.kim_with_password().await;
    let key = TotpKey::generate().expect("random bits");
    let code = || key.code_at(setup.clock.now());
    let set = async || {
        let set = bot.handle.set_second_factor(token(1), key.clone(), code());
        set.await.expect("an answer")
    };
    let remove = async |password, code| {
        let password = secret(password);
        let removed = bot.handle.remove_second_factor(token(1), password, code);
        removed.await.expect("an answer")
    };
    assert_eq!(set().await, FactorChange::Done);
    assert_eq!(set().await, FactorChange::HasOne);
    let used = code();
    setup.clock.advance(Length::milliseconds(30_000));
    assert_eq!(remove("wrong", code()).await, FactorChange::Wrong);
    assert_eq!(remove(GOOD, String::new()).await, FactorChange::Wrong);
    assert_eq!(remove(GOOD, used).await, FactorChange::Wrong, "used up");
    assert_eq!(remove(GOOD, code()).await, FactorChange::Done);
    assert_eq!(set().await, FactorChange::Done);
    bot.stop().await;
}

#[tokio::test]
async fn a_link_of_an_admin_asks_for_the_second_factor_too() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.kim_with_password().await;
    let key = TotpKey::generate().expect("random bits");
    let set = bot
        .handle
        .set_second_factor(token(1), key.clone(), key.code_at(setup.clock.now()));
    assert_eq!(set.await.expect("an answer"), FactorChange::Done);
    let made = bot
        .handle
        .make_link(account("root"), account("kim"), token(101));
    assert!(made.await.expect("an answer"));
    assert_eq!(
        bot.uses_link(token(101), token(2)).await,
        LinkUse::WrongCode
    );
    setup.clock.advance(Length::milliseconds(30_000));
    let code = key.code_at(setup.clock.now());
    let removed = bot
        .handle
        .remove_second_factor(token(1), secret(GOOD), code);
    assert_eq!(removed.await.expect("an answer"), FactorChange::Done);
    assert!(matches!(
        bot.uses_link(token(101), token(2)).await,
        LinkUse::SignedIn(_)
    ));
    bot.stop().await;
}

#[tokio::test]
async fn disabling_an_account_ends_its_sessions_and_links_at_once() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.kim_with_password().await;
    let made = bot
        .handle
        .make_link(account("root"), account("kim"), token(101));
    assert!(made.await.expect("an answer"));
    let disabled = bot
        .handle
        .disable_account(account("root"), account("kim"))
        .await;
    assert_eq!(disabled.expect("an answer"), AccountChange::Done);
    assert!(bot.session(token(1)).await.is_none());
    assert_eq!(bot.uses_link(token(101), token(2)).await, LinkUse::Refused);
    assert_eq!(bot.signs_in("kim", GOOD, token(2)).await, SignIn::Refused);
    let made = bot
        .handle
        .make_link(account("root"), account("kim"), token(102));
    assert!(!made.await.expect("an answer"));

    let enabled = bot
        .handle
        .enable_account(account("root"), account("kim"))
        .await;
    assert_eq!(enabled.expect("an answer"), AccountChange::Done);
    assert!(
        bot.session(token(1)).await.is_none(),
        "what has ended stays so"
    );
    assert!(matches!(
        bot.signs_in("kim", GOOD, token(2)).await,
        SignIn::SignedIn(_)
    ));
    bot.stop().await;
}

#[tokio::test]
async fn the_last_admin_stays_one() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.account("ann", Role::Admin, token(100)).await;
    bot.account("bob", Role::Admin, token(101)).await;
    let by = || account("ann");
    let role = async |name: &str, role| {
        bot.handle
            .set_role(by(), account(name), role)
            .await
            .expect("an answer")
    };
    let disable = async |name: &str| {
        let disabled = bot.handle.disable_account(by(), account(name)).await;
        disabled.expect("an answer")
    };
    assert_eq!(disable("bob").await, AccountChange::Done);
    assert_eq!(disable("ann").await, AccountChange::LastAdmin);
    assert_eq!(role("ann", Role::Agent).await, AccountChange::LastAdmin);
    assert_eq!(role("ann", Role::Admin).await, AccountChange::Done);
    assert_eq!(role("nobody", Role::Admin).await, AccountChange::Unknown);
    let enabled = bot.handle.enable_account(by(), account("bob")).await;
    assert_eq!(enabled.expect("an answer"), AccountChange::Done);
    assert_eq!(role("ann", Role::Agent).await, AccountChange::Done);
    assert_eq!(disable("bob").await, AccountChange::LastAdmin);
    bot.stop().await;
}

#[tokio::test]
async fn the_door_is_open_until_somebody_has_signed_in() {
    let setup = Setup::new();
    let bot = setup.start().await;
    let open = async |link| {
        let (name, shown) = (account("admin"), shown("Admin"));
        bot.handle
            .open_the_door(name, shown, link)
            .await
            .expect("an answer")
    };
    assert!(open(token(100)).await);
    assert!(open(token(101)).await, "at each start");
    assert_eq!(
        bot.uses_link(token(100), token(1)).await,
        LinkUse::Refused,
        "the newest counts"
    );
    setup.clock.advance(Length::hours(1));
    assert_eq!(
        bot.uses_link(token(101), token(1)).await,
        LinkUse::Refused,
        "an hour is over"
    );
    assert!(open(token(102)).await);
    let used = bot.uses_link(token(102), token(1)).await;
    let LinkUse::SignedIn(admin) = used else {
        panic!("{used:?}");
    };
    assert_eq!((admin.name, admin.role), (account("admin"), Role::Admin));
    assert!(!open(token(103)).await);
    bot.stop().await;
}

#[tokio::test]
async fn no_door_is_opened_where_there_are_accounts() {
    let setup = Setup::new();
    let bot = setup.start().await;
    bot.account("kim", Role::Agent, token(100)).await;
    let opened = bot
        .handle
        .open_the_door(account("admin"), shown("Admin"), token(101));
    assert!(!opened.await.expect("an answer"));
    assert_eq!(bot.uses_link(token(101), token(1)).await, LinkUse::Refused);
    bot.stop().await;
}
