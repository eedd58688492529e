// Zooms the process map: buttons, + − 0 on the keyboard, Ctrl and the wheel; dragging and the arrows move it.
// Sizes are attributes of the SVG, never styles, so `style-src 'self'` holds.
(() => {
  const STEP = 1.25;
  const LEAST = 0.3;
  const MOST = 3;

  function begin(frame) {
    const svg = frame.querySelector("svg");
    if (!svg || frame.dataset.flow === "ready") return;
    frame.dataset.flow = "ready";
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    let scale = 1;

    function zoom(to, x = frame.clientWidth / 2, y = frame.clientHeight / 2) {
      const next = Math.min(MOST, Math.max(LEAST, to));
      const left = ((frame.scrollLeft + x) * next) / scale - x;
      const top = ((frame.scrollTop + y) * next) / scale - y;
      scale = next;
      svg.setAttribute("width", String(Math.round(width * scale)));
      svg.setAttribute("height", String(Math.round(height * scale)));
      frame.scrollTo(left, top);
    }

    const fit = () => zoom(Math.min(1, (frame.clientWidth - 2) / width));
    const deeds = { in: () => zoom(scale * STEP), out: () => zoom(scale / STEP), fit };
    const keys = { "+": deeds.in, "=": deeds.in, "-": deeds.out, 0: () => zoom(1), f: fit };

    const bar = frame.parentElement.querySelector("[data-flow-zoom]");
    if (bar) {
      bar.hidden = false;
      bar.addEventListener("click", (event) => deeds[event.target.dataset.zoom]?.());
    }
    frame.addEventListener("keydown", (event) => {
      const deed = keys[event.key];
      if (!deed || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      deed();
    });
    frame.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        const place = frame.getBoundingClientRect();
        zoom(scale * (event.deltaY < 0 ? STEP : 1 / STEP), event.clientX - place.left, event.clientY - place.top);
      },
      { passive: false },
    );
    let held = null;
    frame.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse" || event.button !== 0 || event.target.closest("a")) return;
      held = { x: event.clientX + frame.scrollLeft, y: event.clientY + frame.scrollTop };
      frame.setPointerCapture(event.pointerId);
      frame.classList.add("held");
    });
    frame.addEventListener("pointermove", (event) => {
      if (held) frame.scrollTo(held.x - event.clientX, held.y - event.clientY);
    });
    for (const name of ["pointerup", "pointercancel"]) {
      frame.addEventListener(name, () => {
        held = null;
        frame.classList.remove("held");
      });
    }
    // Somewhat too wide is made to fit; much too wide stays readable and is scrolled.
    if (width > frame.clientWidth && width * 0.75 < frame.clientWidth) fit();
  }

  const find = (root) => root.querySelectorAll("[data-flow]").forEach(begin);
  find(document);
  document.addEventListener("htmx:load", (event) => find(event.detail.elt));
  document.addEventListener("htmx:historyRestore", () => {
    document.querySelectorAll("[data-flow]").forEach((frame) => {
      frame.dataset.flow = "";
    });
    find(document);
  });
})();
