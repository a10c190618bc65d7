//! How often links and forms may be tried. Whoever holds a link that opens something is not counted
//! with those of the same network who guess.

use std::{num::NonZeroU32, time::Duration};

use crate::{
    store::rows::forms::{FormSessionHash, LinkHash},
    web::{
        caller::Caller,
        limits::{Limiter, TooOften},
    },
};

const TEN_MINUTES: Duration = Duration::from_secs(600);

/// An address may try so many links that open nothing, in ten minutes. A whole office may share it;
/// of 2^256 links it is nothing.
const WRONG: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);

/// An address may press so many buttons in ten minutes: each is work for the only writer.
const PRESSED: NonZeroU32 = NonZeroU32::MIN.saturating_add(119);

/// A link may be looked at so often in ten minutes, and a form be sent so often with mistakes.
const EACH: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);

/// Counts tries per address, per link and per form.
#[derive(Debug)]
pub(super) struct FormLimits {
    wrong: Limiter<Caller>,
    pressed: Limiter<Caller>,
    links: Limiter<LinkHash>,
    forms: Limiter<FormSessionHash>,
}

impl FormLimits {
    pub(super) fn new() -> Self {
        Self {
            wrong: Limiter::new(WRONG, TEN_MINUTES),
            pressed: Limiter::new(PRESSED, TEN_MINUTES),
            links: Limiter::new(EACH, TEN_MINUTES),
            forms: Limiter::new(EACH, TEN_MINUTES),
        }
    }

    /// Counts a link or a cookie that opens nothing.
    ///
    /// # Errors
    /// When it is one too many.
    pub(super) fn wrong(&self, caller: Caller) -> Result<(), TooOften> {
        self.wrong.count(&caller)
    }

    /// Counts a button, whatever comes of it.
    ///
    /// # Errors
    /// When it is one too many.
    pub(super) fn pressed(&self, caller: Caller) -> Result<(), TooOften> {
        self.pressed.count(&caller)
    }

    /// Counts a look at a link that opens something: nobody can fill the memory with others.
    ///
    /// # Errors
    /// When it is one too many.
    pub(super) fn link(&self, link: &LinkHash) -> Result<(), TooOften> {
        self.links.count(link)
    }

    /// Counts a form that was sent, right or wrong.
    ///
    /// # Errors
    /// When it is one too many.
    pub(super) fn form(&self, session: &FormSessionHash) -> Result<(), TooOften> {
        self.forms.count(session)
    }
}
