// Digits tick principles of the sentence in which the focus is; arrows lead from one to the next.
// Everything works without this: it only saves hands.
const claims = [...document.querySelectorAll("[data-claim]")];
if (claims.length) {
  for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;
  for (const claim of claims) {
    claim.querySelectorAll(".chips").item(0)?.addEventListener("change", (event) => alone(event.target));
  }
  document.addEventListener("keydown", onKey);
  const first = claims.find((claim) => !claim.querySelector(".chips input:checked")) ?? claims[0];
  if (!document.querySelector(".error-summary") && !location.hash) boxes(first)[0]?.focus();
}

function boxes(claim) {
  return [...claim.querySelectorAll(":scope > .chips input")];
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
    const box = event.key === "0" ? all.at(-1) : all[Number(event.key) - 1];
    if (!box || (event.key !== "0" && box === all.at(-1))) return;
    event.preventDefault();
    box.checked = !box.checked;
    alone(box);
    box.focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = claims[claims.indexOf(claim) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    boxes(next)[0]?.focus();
  }
}
