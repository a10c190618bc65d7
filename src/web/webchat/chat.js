// The chat page: shows the customer's lines and ours, sends what is written, and loses nothing on
// the way. No line is shown twice (each has an id, and an own one the key it was sent under), and
// an own line is kept in this browser until Ringback has it.
"use strict";

(() => {
  const element = (id) => document.getElementById(id);
  const root = element("chat");
  const log = element("chat-log");
  const lines = element("chat-lines");
  const text = element("chat-text");
  const notice = element("chat-notice");
  const words = JSON.parse(root.dataset.words);
  const channel = root.dataset.channel;
  const address = `/chat/${encodeURIComponent(channel)}`;
  const heading = document.title;
  const framedBy = window.parent === window ? null : window.parent;

  // How long things take, in milliseconds.
  const SILENCE = 45_000; // Ringback gives a sign of life every 20 s
  const ANSWER_WITHIN = 30_000;
  const LONGEST_WAIT = 30_000;
  const TYPING_TOLD_EVERY = 3_000;
  const TYPING_SHOWN = 6_000;
  const NEAR_THE_END = 80; // pixels

  // --- What this browser keeps: the chat's token, and each line that is not yet known to be kept.

  const TOKEN = `ringback-chat:${channel}`;
  const UNSENT = `ringback-unsent:${channel}:`;

  /** Storage may be switched off, in a frame above all; the chat then lasts as long as the page. */
  const kept = {
    read(name) {
      try {
        return localStorage.getItem(name);
      } catch {
        return null;
      }
    },
    write(name, value) {
      try {
        if (value === null) localStorage.removeItem(name);
        else localStorage.setItem(name, value);
      } catch {
        // See above.
      }
    },
    unsent() {
      try {
        return Object.keys(localStorage)
          .filter((name) => name.startsWith(UNSENT))
          .map((name) => ({ key: name.slice(UNSENT.length), ...JSON.parse(localStorage.getItem(name)) }))
          .sort((one, other) => one.at - other.at);
      } catch {
        return [];
      }
    },
  };

  let token = kept.read(TOKEN);
  let previous = null; // The token before "new chat", for changing one's mind
  let unsent = [];
  let lastEvent = "0";
  let isConnected = false;

  // --- Lines

  const byId = new Map();
  const byKey = new Map();
  const timeOfDay = new Intl.DateTimeFormat(words.language, { hour: "2-digit", minute: "2-digit" });
  const wholeDate = new Intl.DateTimeFormat(words.language, { weekday: "long", day: "numeric", month: "long" });
  const relativeDay = new Intl.RelativeTimeFormat(words.language, { numeric: "auto" });

  const make = (tag, name, content) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (content) made.textContent = content;
    return made;
  };

  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

  const dayInWords = (date) => {
    const ago = Math.round((midnight(new Date()) - midnight(date)) / 86_400_000);
    return ago === 0 || ago === 1 ? relativeDay.format(-ago, "day") : wholeDate.format(date);
  };

  /** A text in which addresses can be followed: https alone, without the mark that ends a sentence. */
  const withLinks = (content) =>
    content.split(/(https:\/\/[^\s<>"«»“”]*[^\s<>"«»“”.,;:!?'’)\]}…])/u).map((part, index) => {
      const anchor = make("a", "", part);
      if (index % 2 === 1) anchor.href = part;
      // Anything else, and what is no address after all, stays text.
      if (anchor.protocol !== "https:") return part;
      anchor.target = "_blank";
      anchor.rel = "noopener noreferrer";
      return anchor;
    });

  /** The text as it was written, and what was masked says so. Only in lines of ours can links be
      followed. */
  const fill = (place, content, from) => {
    const parts = content.split(/⟦[a-z_]+⟧/u);
    place.replaceChildren();
    parts.forEach((part, index) => {
      if (index > 0) {
        const mask = make("span", "masked", words.hidden);
        mask.lang = words.language;
        place.append(mask);
      }
      place.append(...(from === "customer" ? [part] : withLinks(part)));
    });
  };

  const makeLine = (from, name, content, date) => {
    const line = make("div", `line ${from}`);
    const who = make("span", from === "customer" || !name ? "who unseen" : "who");
    who.textContent = `${from === "customer" ? words.you : name || root.dataset.brand}: `;
    const bubble = make("div", "bubble");
    const body = make("p", "text");
    body.dir = "auto";
    fill(body, content, from);
    const time = make("time", "", timeOfDay.format(date));
    time.dateTime = date.toISOString();
    const foot = make("p", "foot");
    foot.append(time, make("span", "edited"), make("span", "state"));
    bubble.append(who, body, foot);
    line.append(make("p", "day", dayInWords(date)), bubble);
    line.dataset.day = midnight(date).toISOString();
    return line;
  };

  /** What is not known to be in another language is in the page's. */
  const setLanguage = (line, language) => {
    if (language) line.querySelector(".text").lang = language;
  };

  const setEdited = (line, isEdited) => {
    line.querySelector(".edited").textContent = isEdited ? ` · ${words.edited}` : "";
  };

  /** The form that a line offers. The button stays the same while it does, so that it keeps focus. */
  const setForm = (line, form) => {
    if (!form || line.dataset.form === form.state) return;
    line.dataset.form = form.state;
    line.querySelector(".offer")?.remove();
    const offer = make("div", "offer");
    if (form.state === "open") {
      const label = form.kind === "details" ? words.open_details : words.open_form;
      const button = make("button", "open-form", label);
      const said = make("p", "said");
      button.type = "button";
      said.setAttribute("role", "status");
      button.addEventListener("click", () => openForm(form.id, button, said));
      offer.append(button, said);
    } else {
      offer.append(make("p", "said", form.state === "done" ? words.form_done : words.form_over));
    }
    line.querySelector(".foot").before(offer);
  };

  /** Whether a call helped: two buttons that stay, and say what was answered. */
  const setQuestion = (line, id, question) => {
    if (!question) return;
    let box = line.querySelector(".question");
    if (!box) {
      box = make("div", "question");
      const said = make("p", "said");
      said.setAttribute("role", "status");
      const taps = make("div", "taps");
      taps.setAttribute("role", "group");
      taps.setAttribute("aria-label", words.helped_asked);
      for (const [helped, sign, label] of [
        [true, "👍", words.helped_yes],
        [false, "👎", words.helped_no],
      ]) {
        const button = make("button", "tap");
        const drawn = make("span", "", sign);
        drawn.setAttribute("aria-hidden", "true");
        button.type = "button";
        button.value = helped;
        button.append(drawn, ` ${label}`);
        button.addEventListener("click", () => sayWhetherHelped(line, id, helped, said));
        taps.append(button);
      }
      box.append(taps, said);
      line.querySelector(".foot").before(box);
    }
    const { helped } = question;
    for (const button of box.querySelectorAll(".tap")) {
      button.setAttribute("aria-pressed", String(button.value === String(helped)));
    }
    if (box.dataset.helped === String(helped)) return;
    box.dataset.helped = String(helped);
    const said = { true: words.helped_thanks, false: words.helped_sorry }[helped] ?? "";
    box.querySelector(".said").textContent = said;
  };

  const setState = (line, state) => {
    if (!line) return;
    line.dataset.state = state;
    line.querySelector(".state").textContent = words[state];
  };

  /** Shows the date where a new day begins. */
  const separateDays = (line) => {
    for (const one of [line, line.nextElementSibling]) {
      if (!one) continue;
      const before = one.previousElementSibling;
      one.querySelector(".day").hidden = before !== null && before.dataset.day === one.dataset.day;
    }
  };

  /** Puts a line where its id belongs; those without one are still on their way and stand last. */
  const place = (line) => {
    const id = Number(line.dataset.id);
    let after = lines.lastElementChild;
    while (id && after && (after === line || !after.dataset.id || Number(after.dataset.id) > id)) {
      after = after.previousElementSibling;
    }
    const isThere = line.parentElement === lines && line.previousElementSibling === after;
    if (!isThere) {
      const wasBefore = line.nextElementSibling;
      if (after) after.after(line);
      else lines.prepend(line);
      if (wasBefore) separateDays(wasBefore);
    }
    separateDays(line);
  };

  const isNearTheEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_THE_END;

  const scrollToEnd = () => {
    log.scrollTop = log.scrollHeight;
    element("chat-jump").hidden = true;
  };

  /** Shows a line that Ringback has; again is as good as once. */
  const showLine = (told) => {
    if (byId.has(told.id)) return;
    const wasNear = isNearTheEnd();
    let line = told.key ? byKey.get(told.key) : undefined;
    const isNew = line === undefined;
    if (isNew) line = makeLine(told.from, told.name, told.text, new Date(told.at));
    else fill(line.querySelector(".text"), told.text, told.from);
    setLanguage(line, told.lang);
    setEdited(line, told.edited);
    setForm(line, told.form);
    setQuestion(line, told.id, told.question);
    line.dataset.id = told.id;
    byId.set(told.id, line);
    if (told.key) {
      byKey.set(told.key, line);
      forget(told.key);
      setState(line, "sent");
    }
    place(line);
    if (told.from !== "customer") {
      showTyping(false);
      if (isNew) tellNews();
    }
    if (wasNear) scrollToEnd();
    else if (isNew) element("chat-jump").hidden = false;
  };

  /** A line was edited, or masked after a later one. Nothing moves and nobody is called. */
  const changeLine = (told) => {
    const line = byId.get(told.id);
    if (!line) return;
    fill(line.querySelector(".text"), told.text, told.from);
    setEdited(line, told.edited);
    setForm(line, told.form);
    setQuestion(line, told.id, told.question);
  };

  const showUnsent = (item) => {
    if (byKey.has(item.key)) return;
    const line = makeLine("customer", null, item.text, new Date(item.at));
    byKey.set(item.key, line);
    setState(line, "sending");
    place(line);
    scrollToEnd();
  };

  /** Calls for attention where nobody looks. */
  const tellNews = () => {
    if (framedBy) framedBy.postMessage({ ringback: "news" }, "*");
    if (document.hidden) document.title = `● ${heading}`;
  };

  // --- What is said beside the lines

  const say = (what, canGoBack = false) => {
    notice.hidden = what === null;
    notice.firstElementChild.textContent = what ? words[what] : "";
    notice.dataset.what = what ?? "";
    element("chat-back").hidden = !canGoBack;
  };

  /** What the connection is like, unless something more important stands there. */
  const sayConnection = () => {
    const said = notice.dataset.what ?? "";
    if (!["", "offline", "connecting"].includes(said)) return;
    const isWanted = token !== null || unsent.length > 0;
    if (!navigator.onLine) say("offline");
    else if (isWanted && !isConnected && attempts > 1) say("connecting");
    else say(null);
  };

  let typingTimer = 0;
  const showTyping = (isTyping) => {
    clearTimeout(typingTimer);
    const wasNear = isNearTheEnd();
    const shown = element("chat-typing");
    shown.hidden = !isTyping;
    shown.textContent = isTyping ? words.typing : "";
    if (isTyping) {
      typingTimer = setTimeout(() => showTyping(false), TYPING_SHOWN);
      if (wasNear) scrollToEnd();
    }
  };

  let openingTimer = 0;
  const showHours = (opensAt) => {
    clearTimeout(openingTimer);
    const shown = element("chat-closed");
    const opens = opensAt ? new Date(opensAt) : null;
    const left = opens ? opens - Date.now() : 0;
    shown.hidden = left <= 0;
    if (left <= 0) return;
    const inWords = new Intl.DateTimeFormat(words.language, { weekday: "long", hour: "2-digit", minute: "2-digit" });
    shown.textContent = words.closed.replace("{time}", inWords.format(opens));
    // Longer timers end at once.
    openingTimer = setTimeout(() => showHours(opensAt), Math.min(left, 2 ** 31 - 1));
  };

  // --- Asking Ringback

  const authorised = () => ({ authorization: `Bearer ${token}` });

  /** Waits longer after each failure, and not exactly as long as everybody else. */
  const wait = (attempt, answer) => {
    const asked = Number(answer?.headers.get("retry-after") ?? 0) * 1000;
    const ours = Math.min(LONGEST_WAIT, 500 * 2 ** Math.min(attempt, 10));
    return Math.max(asked, ours * (0.5 + Math.random() / 2));
  };

  const post = (path, body, headers = {}) =>
    fetch(`${address}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN),
      cache: "no-store",
    });

  /** The token opens nothing any more. Another window may have a newer one. */
  const lose = (lost) => {
    if (token !== lost) return;
    const newer = kept.read(TOKEN);
    if (newer !== null && newer !== lost) {
      open(newer);
      return;
    }
    open(null);
    say("ended");
  };

  // --- Forms: a link is asked for when it is wanted, and opens once

  /** Opens a form in a tab of its own. The tab is opened before the link is there: later, browsers
      would take it for an advertisement. */
  const openForm = async (form, button, said) => {
    const tab = window.open("", "_blank");
    if (tab) tab.opener = null;
    button.disabled = true;
    said.replaceChildren();
    let link = null;
    try {
      const answer = await post("/form", { form }, authorised());
      if (answer.ok) link = (await answer.json()).url;
    } catch {
      // No connection, or none in time.
    }
    button.disabled = false;
    if (link === null) {
      tab?.close();
      said.textContent = words.form_failed;
    } else if (tab) {
      tab.location.replace(link);
    } else {
      // The browser opens no tab but by a link.
      const anchor = make("a", "", button.textContent);
      anchor.href = link;
      anchor.target = "_blank";
      anchor.rel = "noopener noreferrer";
      anchor.addEventListener("click", () => said.replaceChildren());
      said.append(anchor);
    }
  };

  // --- Whether a call helped: one tap

  /** Says it. The buttons stay as they are until it is kept. */
  const sayWhetherHelped = async (line, id, helped, said) => {
    let status = 0;
    try {
      status = (await post("/helped", { line: id, helped }, authorised())).status;
    } catch {
      // No connection, or none in time.
    }
    if (status === 204) {
      // What was said of a failure before is over.
      delete line.querySelector(".question").dataset.helped;
      setQuestion(line, id, { helped });
    } else {
      said.textContent = status === 409 ? words.helped_stands : words.helped_failed;
    }
  };

  // --- Up: one line after the other, each until it is kept

  let isSending = false;
  let sendTimer = 0;
  let sendAttempts = 0;

  const remember = (item) => {
    unsent.push(item);
    kept.write(UNSENT + item.key, JSON.stringify({ text: item.text, at: item.at }));
  };

  const forget = (key) => {
    unsent = unsent.filter((item) => item.key !== key);
    kept.write(UNSENT + key, null);
  };

  const sendLater = (answer) => {
    sendTimer = setTimeout(sendAll, wait(sendAttempts, answer));
    sendAttempts += 1;
  };

  /** Whether there is a chat now. */
  const start = async () => {
    const answer = await post("/threads", {});
    if (answer.status !== 201) {
      if (answer.status === 429) say("too_many");
      return answer;
    }
    const started = await answer.json();
    token = started.token;
    previous = null;
    kept.write(TOKEN, token);
    say(null);
    listen();
    return null;
  };

  /** Sends the first line; says what to do next. */
  const sendFirst = async (item) => {
    if (token === null) {
      const refused = await start();
      if (refused) return { later: refused };
    }
    const sentWith = token;
    const answer = await post("/messages", { text: item.text }, { ...authorised(), "idempotency-key": item.key });
    if (answer.ok) {
      const line = await answer.json();
      if (token === sentWith) showLine(line);
      forget(item.key);
      return {};
    }
    if (answer.status === 401) {
      lose(sentWith);
      return {};
    }
    if (answer.status === 429 || answer.status === 408 || answer.status >= 500) return { later: answer };
    forget(item.key);
    setState(byKey.get(item.key), "failed");
    return {};
  };

  const sendAll = async () => {
    clearTimeout(sendTimer);
    if (isSending) return;
    isSending = true;
    try {
      while (unsent.length > 0) {
        const item = unsent[0];
        const { later } = await sendFirst(item);
        if (later) {
          for (const waiting of unsent) setState(byKey.get(waiting.key), "not_sent");
          sendLater(later);
          return;
        }
        sendAttempts = 0;
      }
    } catch {
      // No connection, or none in time.
      for (const waiting of unsent) setState(byKey.get(waiting.key), "not_sent");
      sendLater(null);
    } finally {
      isSending = false;
      sayConnection();
    }
  };

  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const send = () => {
    const content = text.value.trim();
    if (content === "") return;
    const item = { key: newKey(), text: content, at: Date.now() };
    text.value = "";
    fit();
    remember(item);
    showUnsent(item);
    sendAll();
  };

  // --- Down: server-sent events, read by hand because `EventSource` sends no headers

  let connection = null;
  let attempts = 0;
  let listenTimer = 0;

  const take = (name, data, id) => {
    if (name === "line") {
      lastEvent = id;
      showLine(JSON.parse(data));
    } else if (name === "changed") {
      lastEvent = id;
      changeLine(JSON.parse(data));
    } else if (name === "typing") {
      showTyping(true);
    } else if (name === "desk") {
      showHours(JSON.parse(data).opens_at);
    }
  };

  /** Cuts a stream of text into events; what is not whole yet is given back. */
  const takeEvents = (received) => {
    const blocks = received.split("\n\n");
    const rest = blocks.pop();
    for (const block of blocks) {
      const fields = {};
      for (const row of block.split("\n")) {
        const at = row.indexOf(":");
        if (at > 0) fields[row.slice(0, at)] = row.slice(at + 1).trimStart();
      }
      if (fields.event) take(fields.event, fields.data, fields.id);
    }
    return rest;
  };

  const read = async (answer, mine, heard) => {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let received = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done || connection !== mine) return;
      heard();
      received = takeEvents(received + value);
    }
  };

  const listen = async () => {
    clearTimeout(listenTimer);
    connection?.abort();
    connection = null;
    if (token === null) return;
    const mine = new AbortController();
    const listenedWith = token;
    connection = mine;
    let silence = 0;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => mine.abort(), SILENCE);
    };
    let answer = null;
    try {
      heard();
      answer = await fetch(`${address}/stream`, {
        headers: { ...authorised(), "last-event-id": lastEvent },
        signal: mine.signal,
        cache: "no-store",
      });
      if (answer.ok) {
        attempts = 0;
        isConnected = true;
        sayConnection();
        sendAll();
        await read(answer, mine, heard);
      }
    } catch {
      // Cut off; another try follows.
    }
    clearTimeout(silence);
    if (connection !== mine) return;
    connection = null;
    isConnected = false;
    if (answer?.status === 401) {
      lose(listenedWith);
      return;
    }
    listenTimer = setTimeout(listen, wait(attempts, answer?.ok ? null : answer));
    attempts += 1;
    sayConnection();
  };

  /** Tries at once, where something says that it may work again. */
  const hurry = () => {
    sayConnection();
    if (connection === null) listen();
    sendAll();
  };

  // --- Opening chats

  /** Shows another chat, or none yet. */
  const open = (other) => {
    token = other;
    kept.write(TOKEN, token);
    lastEvent = "0";
    attempts = 0;
    byId.clear();
    byKey.clear();
    lines.replaceChildren();
    showTyping(false);
    say(null);
    unsent.forEach(showUnsent);
    listen();
    if (unsent.length > 0) sendAll();
  };

  const startAnother = () => {
    if (token === null) return;
    const left = token;
    open(null);
    previous = left;
    say("started", true);
    text.focus();
  };

  const goBack = () => {
    if (previous === null) return;
    open(previous);
    previous = null;
    text.focus();
  };

  // --- Hands on the page

  /** As high as what is written in it; the style sheet says how high at most. */
  const fit = () => {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + text.offsetHeight - text.clientHeight}px`;
  };

  let typingTold = 0;
  const tellTyping = () => {
    if (token === null || Date.now() - typingTold < TYPING_TOLD_EVERY) return;
    typingTold = Date.now();
    post("/typing", {}, authorised()).catch(() => {});
  };

  const close = () => framedBy?.postMessage({ ringback: "close" }, "*");

  element("chat-form").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
    text.focus();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  });
  text.addEventListener("input", () => {
    fit();
    if (text.value.trim() !== "") tellTyping();
  });
  element("chat-new").addEventListener("click", startAnother);
  element("chat-back").addEventListener("click", goBack);
  element("chat-jump").addEventListener("click", scrollToEnd);
  element("chat-close")?.addEventListener("click", close);
  log.addEventListener("scroll", () => {
    if (isNearTheEnd()) element("chat-jump").hidden = true;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) close();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    document.title = heading;
    hurry();
  });
  window.addEventListener("online", hurry);
  window.addEventListener("offline", sayConnection);
  window.addEventListener("storage", (event) => {
    if (event.key === TOKEN && event.newValue !== token) open(event.newValue);
  });
  window.addEventListener("message", (event) => {
    if (framedBy && event.source === framedBy && event.data?.ringback === "opened") text.focus();
  });

  element("chat-form").hidden = false;
  element("chat-new").hidden = false;
  if (framedBy && element("chat-close")) element("chat-close").hidden = false;
  element("chat-back").textContent = words.back;
  showHours(root.dataset.opensAt);
  unsent = kept.unsent();
  open(token);
})();
