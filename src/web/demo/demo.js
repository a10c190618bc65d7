// Plays the page's stories on the chat and the desk beside it: types into their real boxes, presses
// their real buttons, and says what it shows. Can be stopped at any time; Escape does so too.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const chat = byId("demo-chat");
  const desk = byId("demo-desk");
  const caption = byId("demo-caption");
  const stop = byId("demo-stop");
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
  const isStacked = matchMedia("(max-width: 63.99rem)");

  const LETTER = 32; // milliseconds a letter
  const BREATH = 900; // before something happens
  const LOOK_EVERY = 100;
  const GIVE_UP_AFTER = 20_000;
  const RELOAD_AFTER = 3_000; // if the desk does not show by itself what is new

  /** Something that should have happened by now did not. */
  class Stuck extends Error {}

  // --- waiting, until stopped ----------------------------------------------------------------

  const wait = (time, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const ended = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", ended);
        resolve();
      }, time);
      signal.addEventListener("abort", ended, { once: true });
    });

  /** What `find` gives, as soon as it gives something. */
  async function until(find, what, signal, giveUpAfter = GIVE_UP_AFTER) {
    const from = performance.now();
    for (;;) {
      const found = find();
      if (found) return found;
      if (performance.now() - from > giveUpAfter) throw new Stuck(what);
      await wait(LOOK_EVERY, signal);
    }
  }

  /** Long enough to read it. */
  const readingTime = (text) => 1500 + text.length * 38;

  // --- the two panes -------------------------------------------------------------------------

  const inside = (frame) => {
    const page = frame.contentDocument;
    return page && page.readyState === "complete" ? page : null;
  };
  const find = (frame, selector) => inside(frame)?.querySelector(selector) ?? null;
  const shows = (frame, text) => inside(frame)?.body.textContent.includes(text) ?? false;

  function act(frame) {
    for (const pane of document.querySelectorAll(".demo-pane")) {
      pane.classList.toggle("is-acting", frame !== null && pane.contains(frame));
    }
    if (frame !== null && isStacked.matches) {
      const behavior = isCalm.matches ? "auto" : "smooth";
      frame.parentElement.scrollIntoView({ block: "start", behavior });
    }
  }

  /** Presses a button in a pane without taking the focus away from whoever watches. */
  function press(button) {
    const held = document.activeElement;
    button.click();
    if (document.activeElement !== held && held instanceof HTMLElement) held.focus();
  }

  /** Types into the box of a pane, letter by letter unless motion is not wanted, and sends it. */
  async function write(frame, selector, text, signal) {
    const box = await until(() => find(frame, selector), "the box to write in", signal);
    box.scrollIntoView({ block: "center" });
    await type(box, text, signal);
    press(box.form.querySelector("button:not([type=button])"));
  }

  async function type(box, text, signal) {
    const set = (value) => {
      box.value = value;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    };
    if (!isCalm.matches) {
      let written = "";
      for (const letter of text) {
        written += letter;
        set(written);
        await wait(LETTER, signal);
      }
    }
    set(text);
    await wait(BREATH / 2, signal);
  }

  async function go(frame, address, signal) {
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
    frame.contentWindow.location.assign(address);
    await Promise.race([loaded, wait(GIVE_UP_AFTER, signal)]);
  }

  // --- threads on the desk -------------------------------------------------------------------

  const THREADS = "/desk/threads";
  const listed = (page) => [...page.querySelectorAll("a[data-thread]")];
  const nameOf = (link) => link.getAttribute("href");

  async function knownThreads(signal) {
    const answer = await fetch(THREADS, { signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return new Set(listed(page).map(nameOf));
  }

  /** Opens the thread that was not there before. */
  async function openNewThread(known, signal) {
    await go(desk, THREADS, signal);
    const fresh = () => {
      const page = inside(desk);
      return page && listed(page).find((link) => !known.has(nameOf(link)));
    };
    let link;
    try {
      link = await until(fresh, "the thread on the desk", signal, RELOAD_AFTER);
    } catch (error) {
      if (!(error instanceof Stuck)) throw error;
      await go(desk, THREADS, signal);
      link = await until(fresh, "the thread on the desk", signal);
    }
    await wait(BREATH, signal);
    press(link);
    await until(() => find(desk, "#reply-text"), "the thread on the desk", signal);
  }

  /** The newest line of the thread that says this. */
  const lineWith = (text) =>
    [...(inside(desk)?.querySelectorAll(".line") ?? [])].findLast((line) => line.textContent.includes(text));

  // --- what can happen in a step -------------------------------------------------------------

  const does = {
    async customer(text, story, signal) {
      act(chat);
      await write(chat, "#chat-text", text, signal);
      if (!story.isOpen) {
        await wait(BREATH, signal);
        act(desk);
        await openNewThread(story.known, signal);
        story.isOpen = true;
      }
      await until(() => shows(desk, text), "the customer's line on the desk", signal);
      act(desk);
      lineWith(text)?.scrollIntoView({ block: "center" });
    },
    async agent(text, story, signal) {
      act(desk);
      await write(desk, "#reply-text", text, signal);
      await until(() => shows(chat, text), "the answer in the chat", signal);
    },
    async look(address, story, signal) {
      act(desk);
      await go(desk, address, signal);
    },
  };

  const stepsOf = (id) =>
    [...document.querySelectorAll(`[data-story="${id}"] > li`)].map((step) => ({
      does: step.dataset.does,
      what: step.dataset.what,
      shows: step.querySelector("[data-shows]").textContent,
    }));

  const say = (number, of, words) => {
    const count = document.createElement("strong");
    count.textContent = `${number} of ${of}.`;
    caption.replaceChildren(count, ` ${words}`);
  };

  async function tell(id, signal) {
    await newChat(signal);
    const story = { known: await knownThreads(signal), isOpen: false };
    const steps = stepsOf(id);
    for (const [index, step] of steps.entries()) {
      say(index + 1, steps.length, step.shows);
      await wait(BREATH, signal);
      await does[step.does](step.what, story, signal);
      await wait(readingTime(step.shows), signal);
    }
  }

  async function newChat(signal) {
    press(await until(() => find(chat, "#chat-new"), "the chat", signal));
  }

  // --- the buttons ---------------------------------------------------------------------------

  let playing = null;

  function end() {
    playing?.abort();
    playing = null;
    act(null);
    delete document.body.dataset.playing;
    if (document.activeElement === stop) document.querySelector("[data-play]").focus({ preventScroll: true });
    stop.hidden = true;
  }

  async function play(id) {
    end();
    const mine = (playing = new AbortController());
    stop.hidden = false;
    document.body.dataset.playing = id;
    // The other buttons make room there.
    if (isStacked.matches) stop.focus({ preventScroll: true });
    try {
      await tell(id, mine.signal);
    } catch (error) {
      if (mine.signal.aborted) return;
      caption.textContent =
        error instanceof Stuck
          ? `The story waited in vain for ${error.message}. Press a button to start again.`
          : "The story could not go on. Is Ringback still running? Load this page again.";
    }
    if (playing === mine) end();
  }

  async function startAfresh() {
    end();
    caption.textContent = "A new chat, and nothing said yet. Play a story, or write yourself.";
    const mine = (playing = new AbortController());
    try {
      await newChat(mine.signal);
      await go(desk, THREADS, mine.signal);
    } catch (error) {
      if (!mine.signal.aborted) location.reload();
    }
    if (playing === mine) playing = null;
  }

  for (const button of document.querySelectorAll("[data-play]")) {
    button.addEventListener("click", () => play(button.dataset.play));
  }
  byId("demo-afresh").addEventListener("click", startAfresh);
  const halt = () => {
    if (stop.hidden) return;
    end();
    caption.textContent = "Stopped. Go on by hand, or play a story.";
  };
  stop.addEventListener("click", halt);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") halt();
  });
  byId("demo-controls").hidden = false;
})();
