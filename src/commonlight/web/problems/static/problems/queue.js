// An answer that cannot be sent waits on this device, visibly, and is sent once when there is a
// connection. Without this script the browser says itself that it is offline.
const RETRY_AFTER = 15000;

const form = document.querySelector("form[data-waits]");
if (form) keep(form, document.getElementById("waiting"));

function keep(form, notice) {
  const place = `commonlight frame ${location.pathname}`;
  let isSending = false;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = new FormData(form, event.submitter);
    given.delete("csrfmiddlewaretoken");
    localStorage.setItem(place, new URLSearchParams(given).toString());
    send();
  });

  async function send() {
    const kept = localStorage.getItem(place);
    if (!kept || isSending) return;
    isSending = true;
    try {
      const body = new URLSearchParams(kept);
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      const answer = await fetch(form.action || location.href, { method: "POST", body });
      if (answer.status >= 500) throw new Error("later");
      if (!new URL(answer.url).pathname.startsWith("/accounts/")) localStorage.removeItem(place);
      await shown(answer);
    } catch {
      notice.hidden = false;
    } finally {
      isSending = false;
    }
  }

  // What was sent is shown on the page to which the answer led; errors are shown by sending anew.
  async function shown(answer) {
    if (answer.redirected) location.assign(answer.url);
    else form.submit();
  }

  fill(form, localStorage.getItem(place));
  if (localStorage.getItem(place)) notice.hidden = false;
  addEventListener("online", send);
  setInterval(() => navigator.onLine && send(), RETRY_AFTER);
}

function fill(form, kept) {
  for (const [name, value] of new URLSearchParams(kept ?? "")) {
    const field = form.elements[name];
    if (field && name !== "draft") field.value = value;
  }
}
