//! What hinders Ringback from outside at this moment, for an admin to mend. Kept in memory only: whoever
//! notices a trouble notices it again after a restart. A bot with a trouble still works.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use metrics::gauge;

use super::Handle;
use crate::domain::time::Timestamp;

/// Something that hinders Ringback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trouble {
    /// The database is damaged.
    DatabaseDamaged,
    /// Telegram does not know the bot's token.
    TokenUnknown,
    /// Somebody else takes the bot's updates.
    PolledElsewhere,
    /// Telegram brings the bot's updates to somebody else.
    WebhookElsewhere,
    /// Telegram cannot bring us the bot's updates.
    WebhookFails,
    /// Telegram does not take our address for updates.
    WebhookRefused,
    /// Telegram does not answer.
    TelegramUnreachable,
    /// The bot is not in a desk's group any more.
    GroupLost,
    /// A Business account of ours has taken the bot away.
    BusinessLost,
    /// A Business account of ours does not let the bot answer.
    BusinessMute,
}

impl Trouble {
    /// All there are.
    pub const ALL: [Self; 10] = [
        Self::DatabaseDamaged,
        Self::TokenUnknown,
        Self::PolledElsewhere,
        Self::WebhookElsewhere,
        Self::WebhookFails,
        Self::WebhookRefused,
        Self::TelegramUnreachable,
        Self::GroupLost,
        Self::BusinessLost,
        Self::BusinessMute,
    ];

    /// Its name in logs and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DatabaseDamaged => "database_damaged",
            Self::TokenUnknown => "telegram_token_unknown",
            Self::PolledElsewhere => "telegram_polled_elsewhere",
            Self::WebhookElsewhere => "telegram_webhook_elsewhere",
            Self::WebhookFails => "telegram_webhook_fails",
            Self::WebhookRefused => "telegram_webhook_refused",
            Self::TelegramUnreachable => "telegram_unreachable",
            Self::GroupLost => "telegram_group_lost",
            Self::BusinessLost => "telegram_business_lost",
            Self::BusinessMute => "telegram_business_mute",
        }
    }

    /// What is wrong, in a few words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::DatabaseDamaged => "The database is damaged",
            Self::TokenUnknown => "Telegram does not know the bot's token",
            Self::PolledElsewhere => "Another program polls this bot",
            Self::WebhookElsewhere => "Another program has taken over this bot's webhook",
            Self::WebhookFails => "Telegram cannot reach Ringback",
            Self::WebhookRefused => "Telegram does not take Ringback's address",
            Self::TelegramUnreachable => "Telegram cannot be reached",
            Self::GroupLost => "The bot is not in a desk's Telegram group any more",
            Self::BusinessLost => "A Telegram Business account has taken the bot away",
            Self::BusinessMute => "A Telegram Business account does not let the bot answer",
        }
    }

    /// What comes of it, and how to mend it.
    #[must_use]
    pub const fn help(self) -> &'static str {
        match self {
            Self::DatabaseDamaged => {
                "Nothing is taken in any more, since it would be lost with the file: messages wait where \
                 they come from. Stop Ringback, put a backup in place with `ringback restore BACKUP`, and \
                 start it again. Look after the disk: it was it, most likely."
            }
            Self::TokenUnknown => {
                "Nothing comes from Telegram and nothing goes there. Have BotFather show the token \
                 (/mybots, API Token), put it where `[telegram]` says, and restart Ringback."
            }
            Self::PolledElsewhere => {
                "It gets messages that Ringback then never sees. Stop it: a second Ringback, a test \
                 copy or another help desk with the same token. If you cannot find it, have BotFather \
                 revoke the token and give Ringback the new one."
            }
            Self::WebhookElsewhere => {
                "Messages go there and not to Ringback. Stop that program, then restart Ringback, \
                 which takes the webhook back; or give Ringback a bot of its own."
            }
            Self::WebhookFails => {
                "Messages wait at Telegram for up to a day. See that `public_url` can be opened from \
                 the internet on port 443, 80, 88 or 8443, with a certificate that browsers trust; or \
                 set `transport = \"polling\"`, which needs neither."
            }
            Self::WebhookRefused => {
                "Messages wait at Telegram for up to a day. `public_url` must be an https address with \
                 a name that the internet knows, on port 443, 80, 88 or 8443; or set \
                 `transport = \"polling\"`."
            }
            Self::TelegramUnreachable => {
                "Messages wait at Telegram for up to a day, and ours wait here. See that this machine \
                 reaches `api_url` of `[telegram]`. Ringback keeps trying by itself."
            }
            Self::GroupLost => {
                "Its agents see nothing in Telegram; all of it is on the web desk. Add the bot to the \
                 group again, or pair another group, or unpair it (Accounts, Telegram)."
            }
            Self::BusinessLost => {
                "Nothing is heard of its customers. In its Telegram: Settings, Telegram Business, \
                 Chatbots: add the bot again; or say that it is not yours (Accounts, Telegram)."
            }
            Self::BusinessMute => {
                "Answers do not arrive. In its Telegram: Settings, Telegram Business, Chatbots: let the \
                 bot reply to messages."
            }
        }
    }
}

/// A trouble, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub trouble: Trouble,
    /// Since when.
    pub since: Timestamp,
}

/// All that hinders now.
#[derive(Debug, Default)]
pub(super) struct Troubles(Mutex<BTreeMap<Trouble, Timestamp>>);

impl Handle {
    /// Says whether there is a trouble. What is known already changes nothing.
    pub fn set_trouble(&self, trouble: Trouble, is_there: bool) {
        let inner = &self.0;
        let changed = {
            let all = inner.troubles.0.lock();
            let mut all = all.unwrap_or_else(PoisonError::into_inner);
            match (is_there, all.contains_key(&trouble)) {
                (true, false) => all.insert(trouble, inner.clock.now()).is_none(),
                (false, true) => all.remove(&trouble).is_some(),
                _ => false,
            }
        };
        if !changed {
            return;
        }
        let name = trouble.name();
        gauge!("ringback_trouble", "trouble" => name).set(if is_there { 1.0 } else { 0.0 });
        if is_there {
            let (what, help) = (trouble.title(), trouble.help());
            tracing::error!(trouble = name, help, "{what}");
        } else {
            tracing::info!(trouble = name, "this trouble is over");
        }
        inner.live.desk_changed();
    }

    /// What hinders Ringback now, the gravest first.
    #[must_use]
    pub fn troubles(&self) -> Vec<Standing> {
        let all = self.0.troubles.0.lock();
        let all = all.unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .map(|(&trouble, &since)| Standing { trouble, since })
            .collect()
    }
}
