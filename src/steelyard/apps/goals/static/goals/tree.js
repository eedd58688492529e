// The arrows walk the tree of goals: up and down between lines, right opens, left closes.
(() => {
  function lines(tree) {
    return [...tree.querySelectorAll("summary, .leaf a")].filter((each) => each.getClientRects().length > 0);
  }

  function walk(event) {
    const tree = event.currentTarget;
    const here = event.target.closest("summary, .leaf a");
    if (!here || event.altKey || event.ctrlKey || event.metaKey) return;
    const folded = here.closest("summary")?.parentElement;
    if (event.key === "ArrowRight" && folded && !folded.open) folded.open = true;
    else if (event.key === "ArrowLeft" && folded && folded.open) folded.open = false;
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const all = lines(tree);
      all[all.indexOf(here) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    } else return;
    event.preventDefault();
  }

  for (const tree of document.querySelectorAll("[data-goal-tree]")) tree.addEventListener("keydown", walk);
})();
