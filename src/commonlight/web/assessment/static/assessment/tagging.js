// Digits tick principles and values of the sentence in which the focus is; arrows lead to the next.
// Everything works without this: it only saves hands.
const claims = [...document.querySelectorAll("[data-claim]")];
if (claims.length) {
  for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;
  for (const claim of claims) {
    number(claim);
    claim.querySelectorAll(".chips").item(0)?.addEventListener("change", (event) => alone(event.target));
  }
  document.addEventListener("keydown", onKey);
  const first = claims.find((claim) => !claim.querySelector(".chips input:checked")) ?? claims[0];
  if (!document.querySelector(".error-summary") && !location.hash) boxes(first)[0]?.focus();
}

function boxes(claim) {
  return [...claim.querySelectorAll(":scope > .chips input")];
}

function values(claim) {
  return [...claim.querySelectorAll(".values .chips input")];
}

// What the digits stand for: principles from 1 on, then values as long as there are digits.
function keys(claim) {
  return [...boxes(claim).slice(0, -1), ...values(claim)].slice(0, 9);
}

function number(claim) {
  keys(claim).forEach((box, place) => show(box, place + 1));
  show(boxes(claim).at(-1), 0);
}

function show(box, digit) {
  const key = box.closest(".chip").querySelector("kbd");
  if (!key) return;
  key.textContent = String(digit);
  key.hidden = false;
}

// “No principle” and a principle do not go together: the newer one stays.
function alone(box) {
  if (!box.checked) return;
  const all = boxes(box.closest("[data-claim]"));
  const none = all.at(-1);
  if (box === none) for (const other of all.slice(0, -1)) other.checked = false;
  else none.checked = false;
}

function onKey(event) {
  const claim = event.target.closest?.("[data-claim]");
  if (!claim || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (event.target.matches("textarea, input[type=text]")) return;
  const all = boxes(claim);
  if (/^[0-9]$/.test(event.key)) {
    const box = event.key === "0" ? all.at(-1) : keys(claim)[Number(event.key) - 1];
    if (!box) return;
    event.preventDefault();
    box.checked = !box.checked;
    if (all.includes(box)) alone(box);
    box.focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = claims[claims.indexOf(claim) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    boxes(next)[0]?.focus();
  }
}
