// The job in grammY: grammy.mjs API DATABASE simple|runner. `simple` takes one update after the other,
// `runner` many at once, those of one chat in their order.
import { run, sequentialize } from '@grammyjs/runner';
import { Bot, InlineKeyboard } from 'grammy';

import { TOKEN, agentsOf, open, words } from './record.mjs';

const [, , api, database, mode] = process.argv;
const record = open(database);
const bot = new Bot(TOKEN, { client: { apiRoot: api } });

if (mode === 'runner') bot.use(sequentialize((context) => String(context.chat?.id)));
bot.on('message:text', async (context) => {
  const customer = record(context.msg);
  if (!customer) return;
  const keyboard = new InlineKeyboard().text('Claim', `claim:${customer.id}`);
  await context.api.sendMessage(agentsOf(context.chat), words(customer, context.msg), {
    reply_markup: keyboard,
  });
});
bot.callbackQuery(/^claim:/, (context) => context.answerCallbackQuery('It is yours.'));
bot.catch((error) => console.error(error.message));

if (mode === 'runner') {
  const runner = run(bot);
  process.once('SIGTERM', () => runner.stop());
} else {
  process.once('SIGTERM', () => bot.stop());
  await bot.start();
}
