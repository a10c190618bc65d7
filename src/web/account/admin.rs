//! All accounts, for admins: add one, change its role, let it in or not, make it a sign-in link.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use secrecy::SecretString;
use serde::Deserialize;

use super::{
    limits::SignInLimits,
    prove::{NotProven, prove},
    session::{Nothing, SignedForm, SignedIn, failed, new_token},
};
use crate::{
    domain::{
        account::Role,
        ids::{AccountName, ShownName},
    },
    store::rows::{
        TokenHash,
        account::{AccountChange, AccountRow},
    },
    web::{
        Parts,
        desk::frame,
        pages::{Frame, PageError, Section, Told, Tone, page},
        token::Token,
    },
};

#[derive(Template)]
#[template(path = "account/accounts.html")]
struct AccountsPage<'a> {
    frame: Frame,
    own: &'a AccountName,
    accounts: &'a [AccountRow],
    roles: &'static [Role],
    /// Whoever looks is asked for a code with their password.
    asks_code: bool,
}

#[derive(Template)]
#[template(path = "account/new_link.html")]
struct NewLinkPage<'a> {
    frame: Frame,
    name: &'a AccountName,
    link: &'a str,
}

/// What the page before says was done.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    said: Option<String>,
}

impl Said {
    fn told(&self) -> Option<Told> {
        let words = match self.said.as_deref()? {
            "role" => "The role is changed.",
            "checks" => "The account may open what customers submit.",
            "no-checks" => "The account may no longer open what customers submit.",
            "disabled" => "The account is disabled and signed out everywhere.",
            "enabled" => "The account is let in again.",
            _ => return None,
        };
        Some(Told::new(Tone::Good, words))
    }
}

/// The list.
pub(super) async fn list(
    State(parts): State<Parts>,
    Query(said): Query<Said>,
    by: SignedIn,
) -> Result<Response, PageError> {
    by.must_be(Role::Admin)?;
    let accounts = parts.engine.store().accounts().await.map_err(failed)?;
    Ok(page(&AccountsPage {
        frame: frame(&parts, &by, Section::Accounts)
            .await?
            .telling(said.told()),
        own: &by.name,
        accounts: &accounts,
        roles: Role::ALL,
        asks_code: by
            .account()
            .is_some_and(|account| account.has_second_factor),
    }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AddForm {
    name: String,
    shown: String,
    role: Role,
}

/// Adds an account and shows its sign-in link.
pub(super) async fn add(
    State(parts): State<Parts>,
    SignedForm { by, form }: SignedForm<AddForm>,
) -> Result<Response, PageError> {
    by.must_be(Role::Admin)?;
    let name = AccountName::parse(&form.name.trim().to_ascii_lowercase())
        .map_err(|error| unfit(&format!("The name {error}. Go back and change it.")))?;
    let shown = match form.shown.trim() {
        "" => ShownName::parse(name.as_str()),
        shown => ShownName::parse(shown),
    };
    let shown = shown.map_err(|error| {
        unfit(&format!(
            "The person's name {error}. Go back and change it."
        ))
    })?;
    let token = new_token()?;
    let hash = TokenHash(token.sha256());
    let added = parts
        .engine
        .add_account(by.name.clone(), name.clone(), shown, form.role, hash)
        .await;
    if !added.map_err(failed)? {
        return Err(PageError {
            status: StatusCode::CONFLICT,
            message: format!("The name {name} is taken. Go back and choose another."),
        });
    }
    new_link(&parts, &by, &name, &token).await
}

/// Who asks, proved anew, where a session that somebody left open or lost must not be enough.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProofForm {
    #[serde(default)]
    password: SecretString,
    code: Option<String>,
}

impl ProofForm {
    async fn prove(
        self,
        parts: &Parts,
        limits: &SignInLimits,
        by: &SignedIn,
    ) -> Result<(), Response> {
        match prove(parts, limits, by, self.password, self.code).await {
            Ok(_) => Ok(()),
            Err(NotProven::Refused(answer)) => Err(*answer),
            Err(NotProven::Wrong) => Err(unfit(
                "Nothing was done: that is not your password, or the code is not right. Go back \
                 and try again.",
            )
            .into_response()),
        }
    }
}

/// Makes a sign-in link and shows it, this once. Whoever has it is that person; so for an account
/// that opens what customers submit, it takes the same proof as opening it.
pub(super) async fn make_link(
    State(parts): State<Parts>,
    Extension(limits): Extension<Arc<SignInLimits>>,
    Path(name): Path<String>,
    SignedForm { by, form }: SignedForm<ProofForm>,
) -> Result<Response, Response> {
    let opens = async {
        by.must_be(Role::Admin)?;
        let name = named(&name)?;
        let account = parts.engine.acting_account(name.clone()).await;
        let account = account.map_err(failed)?.ok_or_else(unknown)?;
        Ok((name, account.checks_identity))
    };
    let (name, checks) = opens.await.map_err(PageError::into_response)?;
    if checks {
        form.prove(&parts, &limits, &by).await?;
    }
    let made = link_for(&parts, &by, name).await;
    made.map_err(IntoResponse::into_response)
}

async fn link_for(parts: &Parts, by: &SignedIn, name: AccountName) -> Result<Response, PageError> {
    let token = new_token()?;
    let hash = TokenHash(token.sha256());
    let made = parts
        .engine
        .make_link(by.name.clone(), name.clone(), hash)
        .await;
    if !made.map_err(failed)? {
        return Err(unknown());
    }
    new_link(parts, by, &name, &token).await
}

async fn new_link(
    parts: &Parts,
    by: &SignedIn,
    name: &AccountName,
    token: &Token,
) -> Result<Response, PageError> {
    let path = format!("/sign-in/link/{}", token.reveal());
    Ok(page(&NewLinkPage {
        frame: frame(parts, by, Section::Accounts).await?,
        name,
        link: &parts.settings.url_of(parts.address, &path),
    }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleForm {
    role: Role,
}

/// Gives an account another role.
pub(super) async fn set_role(
    State(parts): State<Parts>,
    Path(name): Path<String>,
    SignedForm { by, form }: SignedForm<RoleForm>,
) -> Result<Redirect, PageError> {
    by.must_be(Role::Admin)?;
    let changed = parts
        .engine
        .set_role(by.name, named(&name)?, form.role)
        .await;
    done(changed.map_err(failed)?, "/accounts?said=role")
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChecksForm {
    checks: bool,
    #[serde(default)]
    password: SecretString,
    code: Option<String>,
}

/// Says whether an account may check identities. To let it takes the admin's password, as opening
/// what customers submit does; to end it must be quick.
pub(super) async fn set_checks(
    State(parts): State<Parts>,
    Extension(limits): Extension<Arc<SignInLimits>>,
    Path(name): Path<String>,
    SignedForm { by, form }: SignedForm<ChecksForm>,
) -> Result<Redirect, Response> {
    by.must_be(Role::Admin)
        .map_err(IntoResponse::into_response)?;
    let ChecksForm {
        checks,
        password,
        code,
    } = form;
    if checks {
        let proof = ProofForm { password, code };
        proof.prove(&parts, &limits, &by).await?;
    }
    let set = checks_set(&parts, by, &name, checks).await;
    set.map_err(IntoResponse::into_response)
}

async fn checks_set(
    parts: &Parts,
    by: SignedIn,
    name: &str,
    checks: bool,
) -> Result<Redirect, PageError> {
    let changed = parts.engine.set_checks(by.name, named(name)?, checks).await;
    let to = match checks {
        true => "/accounts?said=checks",
        false => "/accounts?said=no-checks",
    };
    done(changed.map_err(failed)?, to)
}

/// Lets an account in no longer.
pub(super) async fn disable(
    State(parts): State<Parts>,
    Path(name): Path<String>,
    SignedForm { by, .. }: SignedForm<Nothing>,
) -> Result<Redirect, PageError> {
    by.must_be(Role::Admin)?;
    let changed = parts.engine.disable_account(by.name, named(&name)?).await;
    done(changed.map_err(failed)?, "/accounts?said=disabled")
}

/// Lets an account in again.
pub(super) async fn enable(
    State(parts): State<Parts>,
    Path(name): Path<String>,
    SignedForm { by, .. }: SignedForm<Nothing>,
) -> Result<Redirect, PageError> {
    by.must_be(Role::Admin)?;
    let changed = parts.engine.enable_account(by.name, named(&name)?).await;
    done(changed.map_err(failed)?, "/accounts?said=enabled")
}

fn done(change: AccountChange, to: &str) -> Result<Redirect, PageError> {
    match change {
        AccountChange::Done => Ok(Redirect::to(to)),
        AccountChange::Unknown => Err(unknown()),
        AccountChange::LastAdmin => Err(PageError {
            status: StatusCode::CONFLICT,
            message: "This is the last admin. Make somebody else an admin first.".to_owned(),
        }),
    }
}

fn named(name: &str) -> Result<AccountName, PageError> {
    AccountName::parse(name).map_err(|_| unknown())
}

fn unknown() -> PageError {
    PageError {
        status: StatusCode::NOT_FOUND,
        message: "There is no such account, or it is disabled.".to_owned(),
    }
}

fn unfit(message: &str) -> PageError {
    PageError {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        message: message.to_owned(),
    }
}
