// The diagram by keyboard, the panel beside it, and whether what was typed is saved.
// Without this script every box and badge is a link to its page, and the tables do everything.
const editor = document.getElementById("theory-editor");
if (editor) prepare(editor);
watchSaving(document);

function prepare(editor) {
  const diagram = document.getElementById("theory-diagram");
  const panel = document.getElementById("theory-panel");
  const say = document.getElementById("theory-say");
  const words = editor.dataset;
  let here = null; // the id of the box or badge that has, or had, the focus
  let from = null; // the box from which a link is being made

  editor.querySelector(".theory-tools").hidden = false;
  rove();

  diagram.addEventListener("focusin", (event) => {
    const thing = event.target.closest("a");
    if (!thing || thing.id === here) return;
    diagram.querySelector('a[tabindex="0"]')?.setAttribute("tabindex", "-1");
    thing.setAttribute("tabindex", "0");
    here = thing.id;
  });
  diagram.addEventListener("click", (event) => {
    const thing = event.target.closest("a");
    if (!thing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (from && thing.dataset.step) join(thing);
    else open(thing.getAttribute("href"));
  });
  diagram.addEventListener("keydown", (event) => {
    const thing = event.target.closest?.("a");
    if (!thing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act(thing);
  });
  for (const button of editor.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => {
      const thing = (here && document.getElementById(here)) || diagram.querySelector("a");
      if (thing || button.dataset.do === "add") commands[button.dataset.do](thing);
    });
  }
  panel.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    close();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  panel.addEventListener("submit", () => { panel.dataset.closing = "yes"; });
  document.body.addEventListener("theory-added", (event) => {
    here = `${event.detail.kind === "step" ? "box" : "badge"}-${event.detail.number}`;
    close();
  });
  document.body.addEventListener("theory-saved", () => {
    if (panel.dataset.closing) close();
  });

  const commands = {
    add: (thing) => open(`${words.add}${thing?.dataset.step ? `?after=${thing.dataset.step}` : ""}`),
    link: (thing) => {
      const start = thing.dataset.step ? thing : document.getElementById(`box-${thing.dataset.from}`);
      from = start.dataset.step;
      start.classList.add("start");
      start.focus();
      say.textContent = words.textChoose;
    },
    remove: (thing) => { location.href = `${thing.getAttribute("href")}remove/`; },
  };
  const may = "may" in words ? commands : {};
  const keys = {
    ArrowRight: (thing) => go(along(thing, "from", "to")),
    ArrowLeft: (thing) => go(along(thing, "to", "from")),
    ArrowDown: (thing) => go(beside(thing, 1)),
    ArrowUp: (thing) => go(beside(thing, -1)),
    Home: () => go(diagram.querySelector("a.box")),
    End: () => go([...diagram.querySelectorAll("a.box")].at(-1)),
    Escape: () => giveUp(),
    n: may.add, N: may.add, l: may.link, L: may.link, Delete: may.remove,
  };

  function go(thing) {
    if (!thing) return;
    thing.focus({ preventScroll: true });
    thing.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // From a box to its first link on that side; from a link to the box at its end. While a link is
  // being made, links are passed over.
  function along(thing, near, far) {
    const box = (number) => document.getElementById(`box-${number}`);
    if (thing.dataset.link) return box(thing.dataset[far]);
    const link = beginning(near, thing.dataset.step)[0];
    return link && from ? box(link.dataset[far]) : link;
  }

  function beginning(side, number) {
    return ordered([...diagram.querySelectorAll("a.badge")].filter((one) => one.dataset[side] === number));
  }

  // Up and down: boxes of the same layer, or links that begin at the same box.
  function beside(thing, step) {
    const group = thing.dataset.link
      ? beginning("from", thing.dataset.from)
      : ordered([...diagram.querySelectorAll("a.box")].filter((one) => one.dataset.layer === thing.dataset.layer));
    return group[group.indexOf(thing) + step];
  }

  function ordered(things) {
    const height = (one) => Number(one.firstElementChild.getAttribute("y") ?? one.firstElementChild.getAttribute("cy"));
    return things.sort((a, b) => height(a) - height(b));
  }

  function join(thing) {
    const address = `${words.join}?from=${from}&to=${thing.dataset.step}`;
    document.getElementById(`box-${from}`)?.classList.remove("start");
    from = null;
    say.textContent = "";
    open(address);
  }

  function giveUp() {
    if (!from) return;
    document.getElementById(`box-${from}`)?.classList.remove("start");
    from = null;
    say.textContent = words.textGivenUp;
  }

  async function open(address) {
    delete panel.dataset.closing;
    panel.hidden = false;
    await htmx.ajax("GET", address, { target: panel });
    const first = "#id_new_kind, #id_text, #id_mechanism, #id_link_mechanism";
    (panel.querySelector(first) ?? panel).focus();
  }

  // What the panel changed is drawn when it closes, so that nothing moves while somebody writes.
  async function close() {
    delete panel.dataset.closing;
    panel.hidden = true;
    panel.replaceChildren();
    await htmx.ajax("GET", words.parts, { target: diagram });
    rove();
    go(document.getElementById(here) ?? diagram.querySelector("a"));
  }

  // One stop of the tab key; the arrow keys do the rest.
  function rove() {
    const things = diagram.querySelectorAll("a");
    const stop = (here && document.getElementById(here)) || things[0];
    for (const one of things) one.setAttribute("tabindex", one === stop ? "0" : "-1");
  }
}

function watchSaving(page) {
  page.addEventListener("input", (event) => {
    const form = event.target.closest("[data-form]");
    const state = form?.querySelector("#theory-state");
    if (state) tell(state, form.dataset.textWaiting);
  });
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    page.body.addEventListener(name, (event) => {
      const form = event.target.closest("[data-form]");
      const state = form?.querySelector("#theory-state");
      if (state) tell(state, form.dataset.textLost);
    });
  }
}

function tell(state, text) {
  const line = document.createElement("p");
  line.className = "hint";
  line.textContent = text;
  state.replaceChildren(line);
}
