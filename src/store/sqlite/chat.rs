//! Chat networks: groups, persons and connections (`directory`), what stands where (`posts`), what
//! agents were asked (`dialogues`), how far messages have come (`carried`), whom watched groups' threads
//! are about (`groups`).

pub(crate) mod carried;
pub(crate) mod dialogues;
pub(crate) mod directory;
pub(crate) mod groups;
pub(crate) mod posts;
