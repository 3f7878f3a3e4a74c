// Warns five minutes before the session ends and lets the person stay, without leaving the page.
const WARN_BEFORE = 5 * 60 * 1000;
const LONGEST_TIMER = 6 * 60 * 60 * 1000;

const region = document.querySelector("section[data-session-ends]");
if (region) watch(new Date(region.dataset.sessionEnds));

function watch(ends) {
  const text = region.querySelector("[role=alert]");
  const form = region.querySelector("form");
  const button = form.querySelector("button");
  let timer = 0;
  const time = () => ends.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

  function look() {
    clearTimeout(timer);
    const left = ends - Date.now();
    if (left > WARN_BEFORE) {
      region.hidden = true;
      timer = setTimeout(look, Math.min(left - WARN_BEFORE, LONGEST_TIMER));
    } else if (left > 0) {
      show(text.dataset.textSoon.replace("{time}", time()), true);
      timer = setTimeout(look, left);
    } else {
      show(text.dataset.textOver, false);
    }
  }

  function show(sentence, canStay) {
    region.hidden = false;
    form.hidden = !canStay;
    if (text.textContent !== sentence) text.textContent = sentence;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.setAttribute("aria-disabled", "true");
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      redirect: "manual",
    }).catch(() => null);
    button.removeAttribute("aria-disabled");
    if (!answer?.ok) return form.submit();
    ends = new Date((await answer.json()).ends);
    text.textContent = text.dataset.textDone.replace("{time}", time());
    form.hidden = true;
    timer = setTimeout(look, 8000);
  });
  // A computer that slept wakes late: look again when the page is seen.
  document.addEventListener("visibilitychange", () => document.hidden || look());
  look();
}
