// The arrows move between the figures of the heat table, as in a sheet.
(() => {
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  function move(event) {
    const step = STEPS[event.key];
    const cell = event.target.closest("tbody td, tbody th");
    if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = [...cell.closest("tbody").rows];
    let row = rows.indexOf(cell.parentElement) + step[0];
    let column = cell.cellIndex + step[1];
    // Over cells without a figure, which have nothing to open.
    while (rows[row]?.cells[column]) {
      const link = rows[row].cells[column].querySelector("a");
      if (link) {
        event.preventDefault();
        link.focus();
        return;
      }
      row += step[0];
      column += step[1];
    }
  }

  for (const table of document.querySelectorAll("table[data-heat]")) table.addEventListener("keydown", move);
})();
