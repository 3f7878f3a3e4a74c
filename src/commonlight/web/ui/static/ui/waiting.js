// Forms marked `data-later` are kept on this device when the connection drops, and sent later, once.
// What waits is shown on every page, with a button to send it now and one to discard it.
const place = document.querySelector("section[data-waiting]");
const form = document.querySelector("form[data-later]");
const AGAIN = 20 * 1000;
const SECRET = "csrfmiddlewaretoken";

if (place && storage()) start();

function storage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function start() {
  const store = storage();
  const name = `commonlight.waiting.${place.dataset.waiting}`;
  const secret = place.querySelector(`[name=${SECRET}]`).value;
  const list = place.querySelector("ul");
  const told = place.querySelector("[role=status]");
  const model = place.querySelector("template");

  // What a form asks for on one address waits once: to write it anew replaces it.
  const read = () => JSON.parse(store.getItem(name) ?? "[]");
  const write = (items) => {
    if (items.length) store.setItem(name, JSON.stringify(items));
    else store.removeItem(name);
    show();
  };
  const without = (address) => read().filter((one) => one.address !== address);

  function show() {
    const items = read();
    place.hidden = items.length === 0;
    const words = items.length === 1 ? place.dataset.one : place.dataset.several;
    const sentence = items.length ? words.replace("{count}", items.length) : "";
    if (told.textContent !== sentence) told.textContent = sentence;
    list.replaceChildren(...items.map(row));
  }

  function row(item) {
    const made = model.content.cloneNode(true);
    const link = made.querySelector("a");
    link.href = item.address;
    link.textContent = item.label;
    made.querySelector("[data-look]").hidden = !item.look;
    const [send, discard] = made.querySelectorAll("button");
    send.addEventListener("click", () => sendAll());
    discard.addEventListener("click", () => write(without(item.address)));
    return made;
  }

  // "sent" with the page that follows, "look" if a person has to look at it, "away" without a connection.
  async function send(item) {
    const fields = new URLSearchParams(item.fields);
    fields.set(SECRET, secret);
    const answer = await fetch(item.address, {
      method: "POST",
      body: fields,
      headers: { Accept: "text/html" },
      credentials: "same-origin",
    }).catch(() => null);
    if (!answer || answer.status >= 500) return { state: "away" };
    const done = answer.ok && answer.redirected && !answer.url.includes("/accounts/");
    return done ? { state: "sent", next: answer.url } : { state: "look" };
  }

  async function sendAll() {
    const items = read().filter((one) => !one.look);
    for (const item of items) {
      const { state } = await send(item);
      if (state === "away") break;
      if (state === "sent") write(without(item.address));
      else write([...without(item.address), { ...item, look: true }]);
    }
  }

  // Two open pages must not send the same form.
  const locked = (task) =>
    navigator.locks ? navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && task()) : task();
  const tryNow = () => navigator.onLine && read().some((one) => !one.look) && locked(sendAll);

  function fill(item) {
    const given = new URLSearchParams(item.fields);
    for (const field of form.elements) {
      if (!field.name || field.name === SECRET) continue;
      const values = given.getAll(field.name);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (values.length && field.type !== "submit") [field.value] = values;
    }
  }

  if (form) {
    const kept = read().find((one) => one.address === location.pathname);
    if (kept) fill(kept);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const fields = new FormData(form, event.submitter);
      fields.delete(SECRET);
      const item = {
        address: location.pathname,
        label: form.dataset.later,
        fields: [...fields].filter(([, value]) => typeof value === "string"),
      };
      const { state, next } = await locked(() => send(item)) ?? { state: "away" };
      if (state === "sent") {
        write(without(item.address));
        location.assign(next);
      } else if (state === "look") {
        // the server has something to say: let the page say it
        if (event.submitter?.name) form.append(hidden(event.submitter));
        write(without(item.address));
        form.submit();
      } else {
        write([...without(item.address), item]);
        place.scrollIntoView({ block: "start" });
        place.focus();
      }
    });
  }

  function hidden(button) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = button.name;
    field.value = button.value;
    return field;
  }

  addEventListener("online", tryNow);
  addEventListener("storage", (event) => event.key === name && show());
  setInterval(tryNow, AGAIN);
  show();
  // The form of this page is on the person's screen: she decides when it goes.
  if (!form) tryNow();
}
