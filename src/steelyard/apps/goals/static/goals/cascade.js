// The sheet of a cascade: only what was typed is sent; Enter and the arrows move, a paste fills cells.
// The server answers with a new sheet; what is being typed meanwhile stays.
(() => {
  const FORM = "form[data-cascade]";
  let held = null;

  const cells = (root) => [...root.querySelectorAll("input[data-cell]")];
  const isTyped = (input) => input.value !== input.defaultValue;

  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.target.closest?.(FORM);
    if (!form) return;
    for (const input of cells(form)) if (!isTyped(input)) event.detail.parameters.delete?.(input.name);
  });

  document.addEventListener("htmx:beforeSwap", () => {
    const input = document.activeElement;
    held = input?.matches?.("input[data-cell]") ? { id: input.id, value: input.value, typed: isTyped(input) } : null;
  });

  document.addEventListener("htmx:afterSwap", () => {
    const input = held && document.getElementById(held.id);
    if (!input) return;
    if (held.typed && input.value !== held.value) input.value = held.value;
    input.focus();
    if (!held.typed) input.select();
    held = null;
  });

  function step(input, down, across) {
    const row = input.closest("tr");
    const rows = [...input.closest("table").querySelectorAll("tr")].filter((each) => each.querySelector("input[data-cell]"));
    const column = cells(row).indexOf(input) + across;
    const next = rows[rows.indexOf(row) + down];
    const target = next && cells(next)[column];
    if (!target) return false;
    target.focus();
    target.select();
    return true;
  }

  function isAtEdge(input, side) {
    const { selectionStart: from, selectionEnd: to, value } = input;
    if (from === 0 && to === value.length) return true;
    return from === to && (side < 0 ? from === 0 : to === value.length);
  }

  document.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches?.("input[data-cell]") || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const ways = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const way = ways[event.key];
    if (event.key === "Escape") input.value = input.defaultValue;
    if (!way || (way[1] && !isAtEdge(input, way[1]))) return;
    event.preventDefault();
    // In the last row Enter still takes what was typed.
    if (!step(input, ...way) && event.key === "Enter") input.blur();
  });

  // On a phone a row shows its total; its months open on demand.
  function fold(root) {
    for (const table of root.querySelectorAll("table[data-folds]")) table.classList.add("folds");
  }
  fold(document);
  const opened = new Set();
  const keyOf = (row) => row.querySelector("th").textContent;
  document.addEventListener("htmx:load", (event) => {
    const root = event.target.parentElement ?? document;
    fold(root);
    for (const row of root.querySelectorAll("table[data-folds] tbody tr")) if (opened.has(keyOf(row))) show(row, true);
  });
  function show(row, is) {
    row.classList.toggle("is-open", is);
    row.querySelector("button.months")?.setAttribute("aria-expanded", String(is));
  }
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.("button.months")?.closest("tr");
    if (!row) return;
    const is = !row.classList.contains("is-open");
    opened[is ? "add" : "delete"](keyOf(row));
    show(row, is);
  });

  document.addEventListener("paste", (event) => {
    const input = event.target;
    if (!input.matches?.("input[data-cell]")) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    const rows = [...input.closest("table").querySelectorAll("tr")].filter((each) => each.querySelector("input[data-cell]"));
    const [row, column] = [rows.indexOf(input.closest("tr")), cells(input.closest("tr")).indexOf(input)];
    text.split("\n").forEach((line, down) => {
      line.split("\t").forEach((value, across) => {
        const cell = rows[row + down] && cells(rows[row + down])[column + across];
        if (cell) cell.value = value.trim();
      });
    });
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
