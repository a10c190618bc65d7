// What the desk's pages do besides what links and forms do: they stay current, tell times in the
// viewer's zone, and know a few keys. Every page works without it, so nothing here may be needed.
//
//   [data-live] with an id      swapped for its newer self when something changed; typed text,
//                               focus, open <details> and the scroll position stay
//   [data-keep]                 inside a live element, left alone
//   #nav[data-news]             read out when it changes
//   <link rel="canonical">      on the answer to a form: the page that it stands for
//   <time data-ago>             ticks
//   #newest                     stays in sight, if it was, when lines come in above it
//   [data-item]                 j and k go from one to the next
//   a[data-go="c"]              g c goes there
//   [data-typing="CHANNEL/ID"]  shown while the customer of that thread types
//   textarea[data-typing-to]    tells that URL that we type; ctrl-enter sends its form
//   [data-copy="ID"]            a button that copies the text of that element; hidden without script
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);
  let leaving = false;

  // --- staying current -----------------------------------------------------------------------

  function morph(old, fresh) {
    if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) {
      old.replaceWith(document.importNode(fresh, true));
    } else if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== fresh.data) old.data = fresh.data;
    } else if (!old.hasAttribute("data-keep") && !old.isEqualNode(fresh)) {
      morphAttributes(old, fresh);
      morphChildren(old, fresh);
    }
  }

  function morphAttributes(old, fresh) {
    // Whether something is folded open is the viewer's affair.
    const isOwn = (name) => name === "open";
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && !isOwn(name)) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (!isOwn(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
  }

  function morphChildren(old, fresh) {
    const wanted = new Set([...fresh.children].map((child) => child.id).filter(Boolean));
    const known = new Map();
    for (const child of [...old.children]) {
      if (!child.id) continue;
      // What is gone goes first, so that what stays need not move: moving loses the focus.
      if (wanted.has(child.id)) known.set(child.id, child);
      else child.remove();
    }
    let at = old.firstChild;
    for (const child of [...fresh.childNodes]) {
      let match = child.id ? known.get(child.id) : null;
      if (!child.id && at && !at.id && at.nodeName === child.nodeName) match = at;
      if (!match) {
        old.insertBefore(document.importNode(child, true), at);
        continue;
      }
      if (match === at) at = at.nextSibling;
      else old.insertBefore(match, at);
      morph(match, child);
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
  }

  /** Where this page is read: what answers a form stands at the form's address, and says its own. */
  function address() {
    const url = new URL(document.querySelector("link[rel=canonical]")?.href ?? location.href);
    url.hash = "";
    return url.href;
  }

  let refreshing = null;

  async function refresh() {
    if (leaving) return;
    refreshing?.abort();
    const asked = (refreshing = new AbortController());
    let answer;
    let html;
    try {
      answer = await fetch(address(), { signal: asked.signal, headers: { accept: "text/html" } });
      html = await answer.text();
    } catch {
      return; // Gone for the moment; the stream tells when it is back.
    }
    if (asked !== refreshing || leaving) return;
    // Signed out, or no longer for us: the page itself says so best.
    if (answer.redirected || [401, 403, 404].includes(answer.status)) location.replace(address());
    else if (answer.ok) swap(new DOMParser().parseFromString(html, "text/html"));
  }

  function swap(fresh) {
    const focused = document.activeElement;
    const newsBefore = byId("nav")?.dataset.news;
    const newest = byId("newest");
    const sawNewest = newest && newest.getBoundingClientRect().top < innerHeight;
    const lines = customersLines();
    for (const old of document.querySelectorAll("[data-live]")) {
      const newer = fresh.getElementById(old.id);
      if (newer) morph(old, newer);
    }
    if (focused && focused !== document.body && !focused.isConnected) byId("main")?.focus({ preventScroll: true });
    if (customersLines() > lines) hideTyping();
    if (sawNewest) newest.scrollIntoView({ block: "nearest" });
    document.title = fresh.title;
    const news = byId("nav")?.dataset.news;
    if (news && news !== newsBefore) announce(news);
    tick();
    document.dispatchEvent(new CustomEvent("desk:swapped"));
  }

  function announce(words) {
    const place = byId("announce");
    if (!place) return;
    // The same words twice would not be read out again.
    place.textContent = "";
    setTimeout(() => { place.textContent = words; }, 100);
  }

  // --- the stream ----------------------------------------------------------------------------

  let stream = null;
  let soon = 0;

  function listen() {
    if (stream || !byId("nav")) return;
    const thread = document.querySelector("[data-typing]")?.dataset.typing;
    stream = new EventSource(thread ? `/desk/live?thread=${encodeURIComponent(thread)}` : "/desk/live");
    let wasLost = false;
    stream.onopen = () => {
      // What changed while the line was down was not told.
      if (wasLost) refresh();
      wasLost = false;
    };
    stream.onerror = () => {
      wasLost = true;
      // The browser has given up (signed out, say): look once, later.
      if (stream?.readyState === EventSource.CLOSED) {
        stopListening();
        setTimeout(() => { if (!document.hidden) { refresh(); listen(); } }, 5000 + Math.random() * 5000);
      }
    };
    stream.addEventListener("changed", () => {
      clearTimeout(soon);
      soon = setTimeout(refresh, 50);
    });
    stream.addEventListener("typing", showTyping);
  }

  function stopListening() {
    stream?.close();
    stream = null;
  }

  // A browser opens six connections to a site at most, so pages in the background hold none; they
  // look once a minute, for the number in the title.
  let background = 0;

  function seenOrNot() {
    clearInterval(background);
    clearTimeout(soon);
    if (document.hidden) {
      soon = setTimeout(stopListening, 10_000);
      background = setInterval(refresh, 60_000);
    } else {
      if (!stream) refresh();
      listen();
    }
  }

  let typingEnds = 0;

  function showTyping() {
    const place = document.querySelector("[data-typing]");
    if (!place) return;
    place.hidden = false;
    clearTimeout(typingEnds);
    typingEnds = setTimeout(hideTyping, 6000);
  }

  function hideTyping() {
    const place = document.querySelector("[data-typing]");
    if (place) place.hidden = true;
  }

  const customersLines = () => document.querySelectorAll(".line-customer").length;

  // --- times ---------------------------------------------------------------------------------

  /** Keeps the zone for the server, which writes all times. True if it did not know. */
  function tellZone() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const told = `zone=${zone}`;
    if (!zone || document.cookie.split("; ").includes(told)) return false;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${told}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    return true;
  }

  function tick() {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const seconds = Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000);
      let words = null;
      if (seconds >= -60 && seconds < 60) words = "just now";
      else if (seconds >= 60 && seconds < 3600) words = `${Math.floor(seconds / 60)} min ago`;
      else if (seconds >= 3600 && seconds < 86_400) words = `${Math.floor(seconds / 3600)} h ago`;
      if (words && time.textContent !== words) time.textContent = words;
    }
  }

  // --- forms ---------------------------------------------------------------------------------

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    leaving = true;
    // After the browser has read the form: a disabled button would not be part of it.
    setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; });
    // A download, or an answer that never comes: the form is not lost.
    setTimeout(allowAgain, 15_000);
  });

  function allowAgain() {
    leaving = false;
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    }
  }

  let typedAt = 0;

  document.addEventListener("input", (event) => {
    const to = event.target.dataset?.typingTo;
    if (!to || Date.now() - typedAt < 3000) return;
    typedAt = Date.now();
    const csrf = event.target.form?.elements.csrf?.value ?? "";
    fetch(to, { method: "POST", body: new URLSearchParams({ csrf }), redirect: "manual" }).catch(() => {});
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const source = byId(button.dataset.copy);
    if (!source) return;
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent);
      announce("Copied");
      button.textContent = "Copied";
    } catch {
      source.select?.();
    }
  });

  // --- keys ----------------------------------------------------------------------------------

  const wantsKeys = () => localStorage.getItem("keys") !== "off";
  let wentWithG = 0;

  function step(by) {
    const items = [...document.querySelectorAll("[data-item]")];
    if (!items.length) return;
    const here = items.findIndex((item) => item.contains(document.activeElement));
    const next = items[Math.min(Math.max(here + by, 0), items.length - 1)];
    (next.matches("a") ? next : next.querySelector("a, button, summary") ?? next).focus();
    next.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && target.matches?.("textarea")) {
      target.form?.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !wantsKeys()) return;
    if (target.matches?.("input, textarea, select, [contenteditable]")) return;
    const keys = byId("keys");
    if (Date.now() - wentWithG < 1500) {
      wentWithG = 0;
      const link = [...document.querySelectorAll("a[data-go]")].find((a) => a.dataset.go === event.key);
      if (link) link.click();
    } else if (event.key === "g") {
      wentWithG = Date.now();
    } else if (event.key === "j") {
      step(1);
    } else if (event.key === "k") {
      step(-1);
    } else if (event.key === "?" && keys) {
      if (keys.open) keys.close();
      else keys.showModal();
    }
  });

  function prepareKeys() {
    const box = byId("keys-on");
    if (!box) return;
    box.checked = wantsKeys();
    box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
    // With the keys off, a button is the way back to them.
    const help = byId("keys-help");
    if (help) {
      help.hidden = false;
      help.addEventListener("click", () => byId("keys").showModal());
    }
  }

  // --- at the start --------------------------------------------------------------------------

  const isNewZone = tellZone();
  prepareKeys();
  tick();
  setInterval(tick, 30_000);
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;

  // What happened is told once: a reload, or a page that stays current, must not tell it again.
  const here = new URL(location.href);
  if (here.searchParams.has("said")) {
    here.searchParams.delete("said");
    here.searchParams.delete("about");
    history.replaceState(history.state, "", here);
    const said = byId("said")?.textContent;
    if (said) announce(said);
  }

  if (byId("nav")) {
    if (isNewZone) refresh();
    listen();
    document.addEventListener("visibilitychange", seenOrNot);
    window.addEventListener("pagehide", stopListening);
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      allowAgain();
      refresh();
      listen();
    });
  }
})();
