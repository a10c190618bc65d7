//! The commands that the bot offers, by whom and in which language
//! (<https://core.telegram.org/bots/api#setmycommands>).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    params::Params,
    refusal::{Done, Refusal},
};

/// Commands by scope and language.
#[derive(Debug, Default)]
pub(crate) struct Commands(BTreeMap<(String, String), Value>);

impl Commands {
    pub(crate) fn set(&mut self, params: &Params) -> Done {
        let list = params.json("commands").and_then(Value::as_array);
        let list = list.ok_or_else(|| Refusal::bad("can't parse commands: expected an Array"))?;
        if list.len() > 100 {
            return Err(Refusal::bad("BOT_COMMANDS_TOO_MUCH"));
        }
        for command in list {
            let name = command["command"].as_str().unwrap_or_default();
            let name = name.strip_prefix('/').unwrap_or(name);
            let is_name = (1..=32).contains(&name.len())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            let description = command["description"].as_str().unwrap_or_default();
            if !is_name {
                return Err(Refusal::bad("BOT_COMMAND_INVALID"));
            }
            if !(1..=256).contains(&description.chars().count()) {
                return Err(Refusal::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
            }
        }
        self.0.insert(key(params)?, json!(list));
        Ok(json!(true))
    }

    pub(crate) fn delete(&mut self, params: &Params) -> Done {
        self.0.remove(&key(params)?);
        Ok(json!(true))
    }

    pub(crate) fn of(&self, params: &Params) -> Done {
        let list = self.0.get(&key(params)?);
        Ok(list.cloned().unwrap_or_else(|| json!([])))
    }

    /// All of them as text: a line a scope.
    pub(crate) fn as_text(&self) -> String {
        let lines = self.0.iter().map(|((scope, language), list)| {
            let names = list.as_array().into_iter().flatten();
            let names: Vec<String> = names
                .map(|command| format!("/{}", command["command"].as_str().unwrap_or_default()))
                .collect();
            let language = if language.is_empty() {
                String::new()
            } else {
                format!(" in {language}")
            };
            format!("{scope}{language}: {}", names.join(" "))
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Of whom: the scope's kind, chat and user; and the language.
fn key(params: &Params) -> Result<(String, String), Refusal> {
    let default = json!({ "type": "default" });
    let scope = params.json("scope").unwrap_or(&default);
    let kind = scope["type"].as_str().unwrap_or_default();
    let kinds = [
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ];
    if !kinds.contains(&kind) {
        return Err(Refusal::bad(
            "can't parse BotCommandScope: unsupported type specified",
        ));
    }
    let mut words = vec![kind.to_owned()];
    words.extend(["chat_id", "user_id"].iter().filter_map(|member| {
        let value = scope.get(*member)?;
        Some(value.to_string().trim_matches('"').to_owned())
    }));
    let language = params.text("language_code").unwrap_or_default().to_owned();
    Ok((words.join(" "), language))
}
