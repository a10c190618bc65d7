//! What goes wrong around the bot: it loses nothing of what it acknowledged, it repeats nothing where a
//! repetition can be told, and it goes on by itself as soon as it can.

mod backup;
mod chaos;
mod crowd;
mod damage;
mod disk;
mod kills;
mod load;
