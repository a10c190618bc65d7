// What the two bots in Node share: keeping a message in one transaction, and whether its agents are to
// be told of it.
import Database from 'better-sqlite3';

export const TOKEN = '123456789:AAbenchbenchbenchbenchbenchbenchben';
const STAFF = 7001;
const THANKS = /\b(thanks|thank you|thx|cheers)\b/i;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS messages (
    chat INTEGER, message INTEGER, customer INTEGER, party TEXT, at INTEGER, text TEXT,
    PRIMARY KEY (chat, message)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS threads (
    chat INTEGER, customer INTEGER, exchanges INTEGER, last TEXT, thanked INTEGER,
    PRIMARY KEY (chat, customer)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS prompts (
    chat INTEGER, customer INTEGER, PRIMARY KEY (chat, customer)) WITHOUT ROWID;`;

/** Opens the store; gives what keeps a message. */
export function open(path) {
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(SCHEMA);
  const keep = database.prepare('INSERT OR IGNORE INTO messages VALUES (?, ?, ?, ?, ?, ?)');
  const count = database.prepare(`
    INSERT INTO threads VALUES (?, ?, 1, ?, ?)
    ON CONFLICT DO UPDATE SET exchanges = exchanges + (last <> excluded.last), last = excluded.last,
        thanked = max(thanked, excluded.thanked)
    RETURNING exchanges, thanked`);
  const prompt = database.prepare('INSERT OR IGNORE INTO prompts VALUES (?, ?)');
  const record = database.transaction((message, customer, party) => {
    const chat = message.chat.id;
    const row = [chat, message.message_id, customer.id, party, message.date, message.text];
    if (!keep.run(row).changes) return false;
    const thanked = party === 'customer' && THANKS.test(message.text) ? 1 : 0;
    const thread = count.get(chat, customer.id, party, thanked);
    const isDue = party === 'customer' && thread.exchanges === 3 && !thread.thanked;
    return isDue && prompt.run(chat, customer.id).changes > 0;
  });
  return (message) => {
    const isStaff = message.from.id === STAFF;
    const customer = isStaff ? message.reply_to_message?.from : message.from;
    if (!customer) return null;
    return record.immediate(message, customer, isStaff ? 'agent' : 'customer') ? customer : null;
  };
}

/** Where the agents of a customers' group are told. */
export const agentsOf = (chat) => chat.id - 1_000_000_000;

/** What they are told. */
export const words = (customer, message) =>
  `${customer.first_name} is still not helped: ${message.text}`;
