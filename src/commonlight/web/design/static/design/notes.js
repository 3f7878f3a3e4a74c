// One field for paper notes: Enter saves and goes on, a number key in the empty field chooses the kind.
// What is typed is sent note by note, in order; half a note is kept on the server as well.
const place = document.getElementById("note-entry");
if (place) start();

function start() {
  const form = place.querySelector("form");
  const field = form.querySelector("input[type=text]");
  const told = place.querySelector("[role=status]");
  const list = document.getElementById("notes-in");
  const model = place.querySelector("template");
  const secret = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const kinds = [...form.querySelectorAll("[name=kind]")];
  const { add, unsent, failed, waiting, gone } = place.dataset;
  const queue = [];
  let isSending = false;
  let timer = 0;
  let kept = field.value;

  place.hidden = false;
  for (const other of document.querySelectorAll("[data-without-script]")) other.hidden = true;
  field.focus();

  function post(address, values) {
    const fields = new URLSearchParams({ csrfmiddlewaretoken: secret, ...values });
    return fetch(address, { method: "POST", body: fields, credentials: "same-origin", keepalive: true });
  }

  function choose(number) {
    const kind = kinds[number - 1];
    if (!kind) return false;
    kind.checked = true;
    told.textContent = kind.parentElement.textContent.trim();
    return true;
  }

  field.addEventListener("keydown", (event) => {
    if (field.value || event.ctrlKey || event.altKey || event.metaKey) return;
    if (/^[1-9]$/.test(event.key) && choose(Number(event.key))) event.preventDefault();
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    const kind = kinds.find((one) => one.checked) ?? kinds[0];
    queue.push({ text, kind: kind.value });
    clearTimeout(timer);
    field.value = "";
    kept = "";
    field.focus();
    send();
  });

  async function send() {
    if (isSending) return;
    isSending = true;
    while (queue.length) {
      const note = queue[0];
      const answer = await post(add, note).catch(() => null);
      const said = answer ? await answer.json().catch(() => null) : null;
      if (answer?.ok && said) {
        queue.shift();
        show(said);
        told.textContent = said.said;
      } else if (said?.error) {
        queue.shift();
        back(note, said.error);
      } else {
        told.textContent = answer ? gone : `${failed} ${waiting.replace("{count}", queue.length)}`;
        setTimeout(send, 4000);
        break;
      }
    }
    isSending = false;
  }

  // A note that was refused comes back into the field, unless somebody types there already.
  function back(note, error) {
    told.textContent = error;
    if (!field.value) field.value = note.text;
    else list.prepend(row({ text: note.text, kind: error, address: "" }));
  }

  function show(note) {
    list.prepend(row(note));
  }

  function row(note) {
    const made = model.content.cloneNode(true);
    made.querySelector(".what").textContent = note.number ? `${note.number}. ${note.text}` : note.text;
    made.querySelector(".tag").textContent = note.kind;
    const link = made.querySelector("a");
    if (note.address) link.href = note.address;
    else link.remove();
    return made;
  }

  function keep() {
    if (field.value === kept) return;
    kept = field.value;
    post(unsent, { text: kept }).catch(() => null);
  }
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 700);
  });
  addEventListener("pagehide", keep);
  addEventListener("beforeunload", (event) => {
    if (queue.length) event.preventDefault();
  });
}
