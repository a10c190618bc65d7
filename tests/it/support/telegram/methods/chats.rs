//! Who and what there is: chats, members, Business connections, files.

use serde_json::{Value, json};

use super::{
    super::{
        params::Params,
        refusal::{Done, Refusal},
        world::{BOT, Connection, Place, Status, World},
    },
    place,
};

/// `getChat`.
pub(super) fn full(world: &mut World, params: &Params) -> Done {
    let place = place(world, params)?;
    let mut chat = world.chat(place);
    chat["accent_color_id"] = json!(1);
    chat["max_reaction_count"] = json!(11);
    chat["accepted_gift_types"] = json!({
        "unlimited_gifts": true, "limited_gifts": true, "unique_gifts": true,
        "premium_subscription": true, "gifts_from_channels": true,
    });
    if let Place::Chat(id) = place
        && id < 0
    {
        chat["permissions"] = json!({ "can_send_messages": true });
    }
    Ok(chat)
}

/// `getChatMember`.
pub(super) fn member(world: &mut World, params: &Params) -> Done {
    let place = place(world, params)?;
    let user = params.integer("user_id").unwrap_or_default();
    if user != BOT && !world.users.contains_key(&user) {
        return Err(Refusal::bad("invalid user_id specified"));
    }
    let status = match place {
        Place::Chat(id) if id < 0 => world.chats[&place].members.get(&user).copied(),
        _ => Some(Status::Member),
    };
    Ok(world.member(place, user, status.unwrap_or(Status::Left)))
}

fn group(world: &World, params: &Params) -> Result<Place, Refusal> {
    match place(world, params)? {
        place @ Place::Chat(id) if id < 0 => Ok(place),
        _ => Err(Refusal::bad(
            "there are no administrators in the private chat",
        )),
    }
}

/// `getChatMemberCount`.
pub(super) fn count(world: &mut World, params: &Params) -> Done {
    let place = group(world, params)?;
    let members = world.chats[&place].members.values();
    Ok(json!(members.filter(|status| status.is_in()).count()))
}

/// `getChatAdministrators`: all but other bots.
pub(super) fn administrators(world: &mut World, params: &Params) -> Done {
    let place = group(world, params)?;
    let members = &world.chats[&place].members;
    let admins = members.iter().filter(|(_, status)| status.is_admin());
    Ok(admins
        .map(|(user, status)| world.member(place, *user, *status))
        .collect())
}

/// `leaveChat`.
pub(super) fn leave(world: &mut World, params: &Params) -> Done {
    let place = group(world, params)?;
    world.change_member(place, BOT, BOT, Status::Left);
    Ok(json!(true))
}

/// `getBusinessConnection`.
pub(super) fn connection(world: &mut World, params: &Params) -> Done {
    let id = params.text("business_connection_id").unwrap_or_default();
    let connection = world.connections.get(id);
    let connection = connection.ok_or_else(|| Refusal::bad("business connection not found"))?;
    Ok(describe(world, id, connection))
}

/// `BusinessConnection` (<https://core.telegram.org/bots/api#businessconnection>).
pub(crate) fn describe(world: &World, id: &str, connection: &Connection) -> Value {
    json!({
        "id": id, "user": world.user(connection.owner), "user_chat_id": connection.owner,
        "date": connection.since, "is_enabled": connection.is_enabled,
        "rights": connection.rights,
    })
}

/// `getFile`.
pub(super) fn file(world: &mut World, params: &Params) -> Done {
    let id = params.text("file_id").unwrap_or_default();
    match world.files.contains_key(id) {
        true => Ok(json!({
            "file_id": id, "file_unique_id": format!("AQAD{id}"), "file_size": 1234,
            "file_path": "photos/file_1.jpg",
        })),
        false => Err(Refusal::bad("invalid file_id")),
    }
}
