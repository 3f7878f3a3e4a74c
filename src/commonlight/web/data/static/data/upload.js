// Sends a file in pieces, and goes on where it stopped. Without this script the form sends it whole.
const form = document.getElementById("upload-form");
const size = Number(form.dataset.piece);
const bar = document.querySelector("#upload-progress progress");
const text = document.getElementById("upload-text");
const secret = form.querySelector("[name=csrfmiddlewaretoken]").value;

class Refused extends Error {}

async function digest(bytes) {
  if (!globalThis.crypto?.subtle) return null;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function hex(bytes) {
  return bytes ? Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") : "";
}

const pieceOf = async (file, start) => file.slice(start, start + size).arrayBuffer();
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function show(message, received, total) {
  text.textContent = message;
  if (total) bar.value = Math.round((100 * received) / total);
}

async function post(url, body, headers = {}) {
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await fetch(url, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": secret, ...headers },
        credentials: "same-origin",
      });
      if (answer.status < 500 || answer.status === 507) return answer;
    } catch {
      // the connection is away; wait for it
    }
    show(form.dataset.waiting);
    await pause(Math.min(1000 * 2 ** tries, 15000));
  }
}

async function told(answer) {
  const type = answer.headers.get("Content-Type") ?? "";
  if (!type.includes("json")) throw new Refused(answer.statusText);
  const found = await answer.json();
  if (!answer.ok && found.received === undefined) throw new Refused(found.problem);
  return { ...found, ok: answer.ok, status: answer.status };
}

async function begin(file) {
  const fields = new FormData();
  fields.set("name", file.name);
  fields.set("size", file.size);
  fields.set("drop", form.elements.drop.value);
  fields.set("first", hex(await digest(await pieceOf(file, 0))));
  return told(await post(form.dataset.start, fields));
}

async function sendPieces(file, upload) {
  let state = upload;
  let stuck = 0;
  while (state.received < file.size) {
    show(form.dataset.sending, state.received, file.size);
    const bytes = await pieceOf(file, state.received);
    const next = await told(
      await post(upload.piece_url, bytes, {
        "Content-Type": "application/octet-stream",
        "Upload-Offset": String(state.received),
        "Upload-Digest": hex(await digest(bytes)),
      }),
    );
    stuck = next.received > state.received ? 0 : stuck + 1;
    if (stuck > 3 || next.status === 507) throw new Refused(next.problem);
    state = next;
  }
}

async function digestOfPieces(file) {
  const all = [];
  for (let start = 0; start < file.size; start += size) {
    const one = await digest(await pieceOf(file, start));
    if (!one) return "";
    all.push(one);
  }
  return hex(await digest(await new Blob(all).arrayBuffer()));
}

async function send(file) {
  document.getElementById("upload-progress").hidden = false;
  document.getElementById("upload-send").disabled = true;
  const upload = await begin(file);
  await sendPieces(file, upload);
  show(form.dataset.checking, 1, 1);
  const fields = new FormData();
  fields.set("digest", await digestOfPieces(file));
  const end = await told(await post(upload.finish_url, fields));
  if (!end.ok) throw new Refused(end.problem);
  location.assign(end.url);
}

function complain(message) {
  text.textContent = message;
  document.getElementById("upload-progress").hidden = false;
  document.getElementById("upload-send").disabled = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const file = form.elements.file.files[0];
  if (!file) {
    complain(form.dataset.choose);
    form.elements.file.focus();
    return;
  }
  send(file).catch((error) => {
    if (!(error instanceof Refused)) throw error;
    complain(error.message);
  });
});
