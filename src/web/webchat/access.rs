//! Who is let into which chat: the channel must be one of the settings', and the token must open a
//! chat on it.

use axum::{
    extract::{FromRequestParts, Path},
    http::{StatusCode, request},
};

use crate::{
    domain::ids::ChannelName,
    settings::{ChannelKind, Settings},
    store::rows::webchat::{ChatHash, ChatRow},
    web::{
        Parts,
        api::{auth::bearer, problem::Problem},
    },
};

/// One of the settings' channels of the kind `webchat`.
#[derive(Debug, Clone)]
pub(super) struct ChatChannel(pub(super) ChannelName);

/// The channels of the kind `webchat`, by name.
pub(super) fn channels(settings: &Settings) -> impl Iterator<Item = &ChannelName> {
    let channels = settings.channels.iter();
    channels.filter_map(|(name, channel)| (channel.kind == ChannelKind::Webchat).then_some(name))
}

impl FromRequestParts<Parts> for ChatChannel {
    type Rejection = Problem;

    async fn from_request_parts(
        request: &mut request::Parts,
        parts: &Parts,
    ) -> Result<Self, Self::Rejection> {
        let named = Path::<String>::from_request_parts(request, parts).await;
        let named = named.map(|Path(name)| name).unwrap_or_default();
        channels(&parts.settings)
            .find(|channel| channel.as_str() == named)
            .map(|channel| Self(channel.clone()))
            .ok_or_else(|| Problem::not_found("web chat"))
    }
}

/// The chat that the request's token opens.
#[derive(Debug)]
pub(super) struct Chat(pub(super) ChatRow);

impl FromRequestParts<Parts> for Chat {
    type Rejection = Problem;

    async fn from_request_parts(
        request: &mut request::Parts,
        parts: &Parts,
    ) -> Result<Self, Self::Rejection> {
        let ChatChannel(channel) = ChatChannel::from_request_parts(request, parts).await?;
        let unknown = || {
            Problem::of_status(StatusCode::UNAUTHORIZED)
                .detail("the token opens no chat here; start a new one")
        };
        let token = bearer(&request.headers).ok_or_else(unknown)?;
        let chat = parts.engine.store().chat(ChatHash(token.sha256())).await;
        let chat = chat.map_err(|error| Problem::storage(&error))?;
        chat.filter(|chat| chat.thread.channel == channel)
            .map(Self)
            .ok_or_else(unknown)
    }
}
