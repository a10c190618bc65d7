// The chat on any site: a button, and a frame with Ringback's chat page. The site gives one line:
//
//   <script src="https://HOST/chat/widget.js" data-channel="webchat" async></script>
//
// Everything stands in a shadow root, so that neither side's styles reach the other. The site sees
// nothing of what is written: the frame is another origin.
"use strict";

(() => {
  const script = document.currentScript;
  const words = {{ words_json }};
  const channel = script?.dataset.channel || {{ channel_json }};
  const origin = new URL(script?.src || document.baseURI).origin;

  const STYLE = `
    :host { all: initial; }
    .chat { position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483000; }
    button {
      display: grid; place-items: center; inline-size: 3.5rem; block-size: 3.5rem; padding: 0;
      border: 0; border-radius: 50%; cursor: pointer; color: #fff; background: #0a695d;
      box-shadow: 0 2px 6px rgb(0 0 0 / 25%), 0 8px 24px rgb(0 0 0 / 18%);
    }
    button:hover { background: #07534a; }
    button:focus-visible { outline: 3px solid #0a695d; outline-offset: 3px; }
    svg { inline-size: 1.75rem; block-size: 1.75rem; }
    .news::after {
      content: ""; position: absolute; inset-block-start: 0; inset-inline-end: 0; inline-size: 0.9rem;
      block-size: 0.9rem; border: 2px solid #fff; border-radius: 50%; background: #ad231b;
    }
    iframe {
      position: fixed; inset-block-end: 5.5rem; inset-inline-end: 1rem; border: 0;
      inline-size: min(24rem, calc(100vw - 2rem)); block-size: min(38rem, calc(100dvh - 7rem));
      border-radius: 1rem; background: #fff; box-shadow: 0 8px 40px rgb(0 0 0 / 28%);
      color-scheme: light dark;
    }
    [hidden] { display: none; }
    @media (max-width: 30rem), (max-height: 30rem) {
      iframe { inset: 0; inline-size: 100vw; block-size: 100dvh; border-radius: 0; }
      .open button { display: none; }
    }
    @media (prefers-color-scheme: dark) {
      button { color: #06211c; background: #62d2bf; }
      button:hover { background: #8fe3d4; }
      button:focus-visible { outline-color: #62d2bf; }
      iframe { background: #1a211f; }
    }
  `;

  const drawing = () => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("fill", "currentColor");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", "M4 4h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z");
    svg.append(path);
    return svg;
  };

  const host = document.createElement("div");
  host.lang = words.language;
  const shadow = host.attachShadow({ mode: "open" });
  const style = new CSSStyleSheet();
  style.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [style];

  const chat = document.createElement("div");
  chat.className = "chat";
  const button = document.createElement("button");
  button.type = "button";
  button.append(drawing());
  chat.append(button);
  shadow.append(chat);

  let frame = null;
  let isLoaded = false;
  const isOpen = () => frame !== null && !frame.hidden;

  const label = () => {
    const hasNews = chat.classList.contains("news");
    const what = isOpen() ? words.close : hasNews ? `${words.open} (${words.news})` : words.open;
    button.setAttribute("aria-label", what);
    button.setAttribute("aria-expanded", String(isOpen()));
    chat.classList.toggle("open", isOpen());
  };

  const focusFrame = () => {
    frame.focus();
    if (isLoaded) frame.contentWindow.postMessage({ ringback: "opened" }, origin);
  };

  const open = () => {
    if (frame === null) {
      frame = document.createElement("iframe");
      frame.title = words.open;
      frame.src = `${origin}/chat/${encodeURIComponent(channel)}/embed`;
      frame.addEventListener("load", () => {
        isLoaded = true;
        if (isOpen()) focusFrame();
      });
      chat.prepend(frame);
    }
    frame.hidden = false;
    chat.classList.remove("news");
    label();
    focusFrame();
  };

  const close = () => {
    if (!isOpen()) return;
    frame.hidden = true;
    label();
    button.focus();
  };

  button.addEventListener("click", () => (isOpen() ? close() : open()));
  shadow.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  window.addEventListener("message", (event) => {
    if (frame === null || event.origin !== origin || event.source !== frame.contentWindow) return;
    if (event.data?.ringback === "close") close();
    if (event.data?.ringback === "news" && !isOpen()) {
      chat.classList.add("news");
      label();
    }
  });

  label();
  const show = () => document.body.append(host);
  if (document.body) show();
  else document.addEventListener("DOMContentLoaded", show);
})();
