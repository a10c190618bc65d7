"""The job in aiogram 3 and aiosqlite: aiogram.py API DATABASE."""

import asyncio
import re
import sys

import aiosqlite
import uvloop
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

API, DATABASE = sys.argv[1:3]
TOKEN = "123456789:AAbenchbenchbenchbenchbenchbenchben"
STAFF = 7001
THANKS = re.compile(r"\b(thanks|thank you|thx|cheers)\b", re.IGNORECASE)

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS messages (
    chat INTEGER, message INTEGER, customer INTEGER, party TEXT, at INTEGER, text TEXT,
    PRIMARY KEY (chat, message)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS threads (
    chat INTEGER, customer INTEGER, exchanges INTEGER, last TEXT, thanked INTEGER,
    PRIMARY KEY (chat, customer)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS prompts (
    chat INTEGER, customer INTEGER, PRIMARY KEY (chat, customer)) WITHOUT ROWID;
"""
KEEP = "INSERT OR IGNORE INTO messages VALUES (?, ?, ?, ?, ?, ?)"
COUNT = """
INSERT INTO threads VALUES (?, ?, 1, ?, ?)
ON CONFLICT DO UPDATE SET exchanges = exchanges + (last <> excluded.last), last = excluded.last,
    thanked = max(thanked, excluded.thanked)
RETURNING exchanges, thanked
"""
PROMPT = "INSERT OR IGNORE INTO prompts VALUES (?, ?)"

dispatcher = Dispatcher()
database: aiosqlite.Connection
# There is one connection, and two transactions must not mix.
alone = asyncio.Lock()


async def record(message: Message, customer: int, party: str) -> bool:
    """Keeps a message; whether its agents are to be told."""
    chat, text = message.chat.id, message.text
    thanked = int(party == "customer" and bool(THANKS.search(text)))
    async with alone:
        await database.execute("BEGIN IMMEDIATE")
        at = int(message.date.timestamp())
        row = (chat, message.message_id, customer, party, at, text)
        prompt = False
        if (await database.execute(KEEP, row)).rowcount:
            counted = await database.execute(COUNT, (chat, customer, party, thanked))
            exchanges, thanked = await counted.fetchone()
            await counted.close()
            if party == "customer" and exchanges == 3 and not thanked:
                prompt = bool((await database.execute(PROMPT, (chat, customer))).rowcount)
        await database.execute("COMMIT")
    return prompt


@dispatcher.message(F.text)
async def on_message(message: Message, bot: Bot) -> None:
    is_staff = message.from_user.id == STAFF
    if is_staff and not message.reply_to_message:
        return
    customer = message.reply_to_message.from_user if is_staff else message.from_user
    if await record(message, customer.id, "agent" if is_staff else "customer"):
        button = InlineKeyboardButton(text="Claim", callback_data=f"claim:{customer.id}")
        await bot.send_message(
            message.chat.id - 1_000_000_000,
            f"{customer.first_name} is still not helped: {message.text}",
            reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
        )


@dispatcher.callback_query(F.data.startswith("claim:"))
async def on_claim(query: CallbackQuery) -> None:
    await query.answer("It is yours.")


async def main() -> None:
    global database
    database = await aiosqlite.connect(DATABASE, isolation_level=None)
    await database.executescript(SCHEMA)
    session = AiohttpSession(api=TelegramAPIServer.from_base(API))
    await dispatcher.start_polling(Bot(TOKEN, session=session))


uvloop.run(main())
