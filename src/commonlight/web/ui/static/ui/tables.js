// Tables marked data-sortable can be sorted by a button in each head cell.
for (const table of document.querySelectorAll("table[data-sortable]")) prepare(table);
document.addEventListener("htmx:load", (event) => {
  for (const table of event.target.querySelectorAll?.("table[data-sortable]") ?? []) prepare(table);
});

function prepare(table) {
  if (table.dataset.sortable === "ready" || table.tHead?.rows.length !== 1) return;
  table.dataset.sortable = "ready";
  for (const cell of table.tHead.rows[0].cells) {
    const label = cell.textContent.trim();
    if (!label || cell.dataset.unsorted !== undefined) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...cell.childNodes);
    cell.append(button);
    button.addEventListener("click", () => sort(table, cell));
  }
}

function sort(table, cell) {
  const direction = cell.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
  for (const other of cell.parentNode.cells) other.removeAttribute("aria-sort");
  cell.setAttribute("aria-sort", direction);
  const sign = direction === "ascending" ? 1 : -1;
  const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  const column = cell.cellIndex;
  const rows = [...table.tBodies[0].rows].map((row, place) => ({ row, place, value: valueOf(row.cells[column]) }));
  rows.sort((a, b) => order(a.value, b.value, sign, compare) || a.place - b.place);
  table.tBodies[0].append(...rows.map((one) => one.row));
}

// Cells without a value come last in both directions.
function order(a, b, sign, compare) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * compare(a, b);
}

function valueOf(cell) {
  if (!cell) return null;
  const given = cell.dataset.value ?? (cell.classList.contains("number") ? undefined : cell.textContent.trim());
  if (given === undefined || given === "") return cell.classList.contains("number") ? null : given || null;
  const number = Number(given);
  return cell.classList.contains("number") && Number.isFinite(number) ? number : given;
}
