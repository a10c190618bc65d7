// The job in telegraf: telegraf.mjs API DATABASE.
import { Markup, Telegraf } from 'telegraf';

import { TOKEN, agentsOf, open, words } from './record.mjs';

const [, , api, database] = process.argv;
const record = open(database);
const bot = new Telegraf(TOKEN, { telegram: { apiRoot: api } });

bot.on('text', async (context) => {
  const customer = record(context.message);
  if (!customer) return;
  const button = Markup.button.callback('Claim', `claim:${customer.id}`);
  const said = words(customer, context.message);
  const keyboard = Markup.inlineKeyboard([button]);
  await context.telegram.sendMessage(agentsOf(context.chat), said, keyboard);
});
bot.action(/^claim:/, (context) => context.answerCbQuery('It is yours.'));
process.once('SIGTERM', () => bot.stop());
await bot.launch();
