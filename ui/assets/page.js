// The page's own script: opens citations, keeps the tab's conversation, keyboard, small actions.
// All markup it inserts comes from ui/render.py on this server.
(() => {
  "use strict";
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const narrow = matchMedia("(max-width: 899px)");

  // The conversation of this tab: a secret that the tab keeps, sent only to where it came from.
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  let token = sessionStorage.getItem("conversation");
  const renew = () => sessionStorage.setItem("conversation", token = fresh());
  if (!/^[0-9a-f]{32}$/.test(token || "")) renew();
  const plainFetch = window.fetch.bind(window);
  window.fetch = (target, options = {}) => {
    const url = new URL(target instanceof Request ? target.url : target, document.baseURI);
    if (url.origin !== location.origin || target instanceof Request) {
      return plainFetch(target, options);
    }
    const headers = new Headers(options.headers);
    headers.set("X-Conversation", token);
    return plainFetch(target, { ...options, headers });
  };
  const get = async (path, values = {}) => {
    const answer = await fetch(`page/${path}?${new URLSearchParams(values)}`);
    return answer.text();
  };
  const post = (path, value) => fetch(`page/${path}`, {
    method: "POST", body: JSON.stringify(value ?? {}),
    headers: { "Content-Type": "application/json" },
  });

  // Light and dark: the system's choice until the person makes another.
  const theme = () => localStorage.getItem("theme");
  const dress = () => {
    const dark = theme() ? theme() === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    if (document.body.classList.contains("dark") !== dark) {
      document.body.classList.toggle("dark", dark);
    }
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    const button = $('[data-action="theme"]');
    if (button && button.textContent !== (dark ? "Light" : "Dark")) {
      button.textContent = dark ? "Light" : "Dark";
    }
  };

  const status = (words) => { const line = $("#status"); if (line) line.textContent = words; };
  const count = (articles) => `${articles} article${articles === 1 ? "" : "s"}`;

  // Asking.
  const box = () => $("#question textarea");
  const write = (words) => {
    const field = box();
    if (!field) return;
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    field.setSelectionRange(words.length, words.length);
  };
  const asking = () => Boolean($("#stop"));
  const wake = (milliseconds) => new Promise((then) => setTimeout(then, milliseconds));
  const ask = (words) => {
    if (asking()) return;
    write(words);
    setTimeout(() => $("#ask")?.click(), 30);
  };

  // A question that is sent off while another is being answered stays in the box until its turn.
  const NEXT = "Asked next";
  let next = false;
  const queue = async () => {
    if (next || !box().value.trim()) return;
    next = true;
    const said = $("#status").textContent;
    status(NEXT);
    while (next && asking()) await wake(40);
    const words = box().value;
    const before = $("#pending").textContent;
    const taken = () => asking() || box().value !== words || $("#pending").textContent !== before;
    // Gradio drops a click while the event of the last answer is still ending.
    for (let tries = 0; next && words.trim() && tries < 4 && !taken(); tries++) {
      $("#ask")?.click();
      for (let waits = 0; waits < 12 && !taken(); waits++) await wake(40);
    }
    next = false;
    if ($("#status").textContent === NEXT) status(said);
  };

  // Reading.
  let cited = null;  // the button whose citation is shown
  const same = (a, b) => a && b && ["article", "start", "end", "turn"]
    .every((key) => a.dataset[key] === b.dataset[key]);
  const show = (name) => {
    $("#article-pane").hidden = name !== "article";
    $("#shelf-pane").hidden = name !== "shelf";
    $("#to-shelf").hidden = name === "shelf";
    $("#shelf-title").hidden = name !== "shelf";
    $("#to-answer").hidden = !cited || name === "shelf";
    naming();
  };
  const naming = () => {  // in the bar, while the article's own title is not to be seen
    const title = $("#article-title");
    const bar = $(".reader-bar").getBoundingClientRect();
    const away = title && !$("#article-pane").hidden
      && title.getBoundingClientRect().bottom < bar.bottom;
    $("#now-reading").textContent = away ? title.textContent : "";
  };
  const current = () => all(".cite").forEach((button) => {
    if (same(button, cited)) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  });
  const centre = (mark) => {
    const pane = $("#article-pane");
    const box = pane.getBoundingClientRect();
    const top = mark.getBoundingClientRect().top - box.top + pane.scrollTop;
    pane.scrollTo({ top: top - pane.clientHeight / 3 });
  };
  const open = async (button, focus) => {
    const { article, digest = "", start = "", end = "" } = button.dataset;
    const markup = await get("article", { name: article, digest, start, end });
    cited = button;
    const pane = $("#article-pane");
    pane.innerHTML = markup;
    show("article");
    current();
    const mark = $("mark", pane);
    if (narrow.matches && focus) $("#reader").scrollIntoView({ block: "start" });
    if (mark) centre(mark); else pane.scrollTo({ top: 0 });
    if (narrow.matches && focus && mark) mark.scrollIntoView({ block: "center" });
    if (focus) (mark || $("#article-title", pane))?.focus({ preventScroll: true });
  };
  const back = () => {
    const button = all(".cite").find((one) => same(one, cited)) || cited;
    if (button?.isConnected) {
      button.focus();
      button.scrollIntoView({ block: "nearest" });
    }
  };
  let filling = 0;
  const shelf = async () => {
    const turn = ++filling;
    const markup = await get("shelf", { filter: $("#filter")?.value || "" });
    if (turn === filling && $("#shelf")) $("#shelf").innerHTML = markup;
  };

  // Small actions.
  const save = (words, name, type) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([words], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const keep = async (turn) => {
    const answer = await fetch(`page/receipt?turn=${turn}`);
    if (!answer.ok) { status("No receipt could be made"); return; }
    save(JSON.stringify(await answer.json(), null, 2), `receipt-${turn}.json`, "application/json");
  };
  const judge = async (button) => {
    const said = { turn: Number(button.dataset.turn), verdict: button.dataset.feedback };
    if (button.dataset.correction) said.correction = $(`#${button.dataset.correction}`).value;
    const bar = button.closest(".feedback");
    bar.innerHTML = await (await post("feedback", said)).text();
    $("input", bar)?.focus();
  };
  const upload = async (files) => {
    const form = new FormData();
    for (const file of files) form.append("files", file);
    $("#added").textContent = "Reading …";
    const answer = await fetch("page/upload", { method: "POST", body: form });
    $("#added").innerHTML = await answer.text();
    shelf();
  };
  const actions = {
    theme: () => {
      localStorage.setItem("theme", document.body.classList.contains("dark") ? "light" : "dark");
      dress();
    },
    new: async () => { await post("end"); renew(); location.reload(); },
    export: async () => save(await get("export"), "conversation.md", "text/markdown"),
    refresh: async () => {
      status("Looking …");
      const answer = await post("refresh");
      if (!answer.ok) { status("The articles could not be refreshed"); return; }
      const { said, articles } = await answer.json();
      status(`${said}: ${count(articles)}`);
      shelf();
    },
    shelf: () => { show("shelf"); shelf(); $("#filter").focus(); },
    back,
    add: () => {
      const field = document.createElement("input");
      field.type = "file";
      field.multiple = true;
      field.accept = $("#drop").dataset.kinds;
      field.addEventListener("change", () => upload(field.files));
      field.click();
    },
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.id === "stop") next = false;
    const { action, ask: question, edit, feedback, article, receipt } = button.dataset;
    let done;
    if (action) done = actions[action]?.();
    else if (question !== undefined) ask(question);
    else if (edit !== undefined) write(edit);
    else if (feedback !== undefined) done = judge(button);
    else if (receipt !== undefined) done = keep(receipt);
    else if (article !== undefined) done = open(button, true);
    done?.catch?.(() => status("The program does not answer; is it still running?"));
  });
  document.addEventListener("scroll", () => { if ($("#article-title")) naming(); },
    { capture: true, passive: true });
  document.addEventListener("input", (event) => {
    if (event.target.id === "filter") shelf();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.id?.startsWith("correction-")) {
      event.target.parentElement.querySelector("button").click();
    }
    if (event.key === "Enter" && !event.shiftKey && event.target === box() && asking()) queue();
    if (event.key !== "Escape") return;
    if (asking()) $("#stop").click();
    else if (event.target.closest?.("#reader")) back();
  });
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      const area = event.target.closest?.("#drop");
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
      if (area && kind === "drop") upload(event.dataTransfer.files);
    });
  }

  // What stays open when the turns are drawn anew.
  const unfolded = new Set();
  document.addEventListener("toggle", (event) => {
    const turn = event.target.closest?.(".turn")?.id;
    if (!turn || !event.isTrusted) return;
    if (event.target.open) unfolded.add(turn); else unfolded.delete(turn);
  }, true);

  // A question takes in what is new in the folder.
  const renewed = async () => {
    const answer = await fetch("page/status");
    if (answer.ok) status(count((await answer.json()).articles));
    shelf();
  };

  let turns = -1;
  let settled = -1;  // where the conversation stood after a new answer
  const drawn = () => {
    for (const id of unfolded) { const fold = $(`#${id} details`); if (fold) fold.open = true; }
    current();
    const now = all("#history .turn");
    const waiting = $("#pending .turn");
    const log = $("#log");
    if (waiting) {
      waiting.scrollIntoView({ block: "nearest" });
    } else if (turns >= 0 && now.length && Number(now.at(-1).dataset.turn) > turns) {
      now.at(-1).scrollIntoView({ block: "start" });
      settled = log.scrollTop;
      const first = $(".cite", now.at(-1));
      if (first && !narrow.matches) open(first, false);
      renewed();
    } else if (settled === log.scrollTop && now.length && !narrow.matches) {
      now.at(-1).scrollIntoView({ block: "start" });  // the next steps came, and make room for it
      settled = log.scrollTop;
    } else if (turns < 0 && now.length) {
      log.scrollTo({ top: log.scrollHeight });
    }
    turns = now.length ? Number(now.at(-1).dataset.turn) : Math.max(turns, 0);
    document.body.classList.toggle("talking", now.length > 0 || Boolean(waiting));
    if (!waiting && !asking() && document.activeElement === document.body) box()?.focus();
  };

  let ready = false;
  const settle = async () => {
    if (ready || !$("#history") || !$("#reader aside") || !$("#question textarea")) return;
    ready = true;
    $("#history").setAttribute("role", "log");
    $("#history").setAttribute("aria-label", "Conversation");
    $("#pending").setAttribute("aria-live", "polite");
    box().setAttribute("aria-label", "Your question");
    new MutationObserver(drawn).observe($("#log"), { childList: true, subtree: true });
    drawn();
    dress();
    for (;;) {
      const answer = await fetch("page/status");
      if (answer.ok) { status(count((await answer.json()).articles)); break; }
      await wake(500);
    }
    shelf();
  };
  document.addEventListener("DOMContentLoaded", () => {
    dress();
    new MutationObserver(() => { dress(); settle(); })
      .observe(document.body, { childList: true, subtree: true, attributeFilter: ["class"] });
  });
})();
