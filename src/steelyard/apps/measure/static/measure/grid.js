// A grid of inputs behaves like a sheet: Enter and the arrows move, a paste of rows and columns fills.
(() => {
  function place(input) {
    const cell = input.closest("td");
    const row = cell.parentElement;
    return [[...row.parentElement.rows].indexOf(row), [...row.querySelectorAll("td")].indexOf(cell)];
  }

  function at(grid, row, column) {
    return grid.tBodies[0].rows[row]?.querySelectorAll("td")[column]?.querySelector("input");
  }

  function move(event, grid) {
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0] };
    const step = steps[event.key];
    if (!step || event.isComposing) return;
    const [row, column] = place(event.target);
    event.preventDefault();
    const next = at(grid, row + step[0], column + step[1]);
    next?.focus();
    next?.select();
  }

  function paste(event, grid) {
    const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    const [row, column] = place(event.target);
    text.split("\n").forEach((line, down) => {
      line.split("\t").forEach((value, across) => {
        const input = at(grid, row + down, column + across);
        if (input) input.value = value.trim();
      });
    });
  }

  for (const grid of document.querySelectorAll("table[data-grid]")) {
    grid.addEventListener("keydown", (event) => event.target.matches("input") && move(event, grid));
    grid.addEventListener("paste", (event) => event.target.matches("input") && paste(event, grid));
  }
})();
