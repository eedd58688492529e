// Draws every <figure data-chart> from the Vega-Lite spec in its JSON block:
//
//   <figure data-chart>
//     <div data-chart-place></div>                       (made here when it is missing)
//     <script type="application/json">{…spec…}</script>
//     …the table of the same figures…
//   </figure>
//
//   <script defer src="…/chart.js" data-vega="…/vendor/vega.js"></script>
//
// The library (900 KB) is fetched when the first chart is met. Nothing here is evaluated from text and
// no style attribute is written, so `script-src 'self'; style-src 'self'` holds. Colours are custom
// properties of plot.css: a change of theme, and print, repaint a drawn chart without this script.
(() => {
  const self = document.currentScript;
  const address = self.dataset.vega || new URL("vendor/vega.js", self.src).href;
  const views = new WeakMap();
  let library;

  const chineseTime = {
    dateTime: "%x %A %X",
    date: "%Y年%-m月%-d日",
    time: "%H:%M:%S",
    periods: ["上午", "下午"],
    days: ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"],
    shortDays: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
    months: ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"],
    shortMonths: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
  };
  const chineseNumbers = { decimal: ".", thousands: ",", grouping: [3], currency: ["¥", ""], minus: "−" };

  function options() {
    const chosen = {
      mode: "vega-lite",
      actions: false,
      ast: true,
      defaultStyle: false,
      renderer: "svg",
      tooltip: { disableDefaultStyle: true },
    };
    if (!document.documentElement.lang.startsWith("zh")) return chosen;
    return { ...chosen, timeFormatLocale: chineseTime, formatLocale: chineseNumbers };
  }

  function load() {
    library ??= import(address).then(() => window.vegaEmbed);
    return library;
  }

  function plotOf(figure) {
    let plot = figure.querySelector("[data-chart-place]");
    if (!plot) {
      plot = document.createElement("div");
      plot.dataset.chartPlace = "";
      figure.prepend(plot);
    }
    plot.classList.add("chart-plot");
    return plot;
  }

  async function draw(figure) {
    if (figure.dataset.chart === "drawn" || figure.dataset.chart === "drawing") return;
    const source = figure.querySelector('script[type="application/json"]');
    if (!source) return;
    figure.dataset.chart = "drawing";
    try {
      const embed = await load();
      const plot = plotOf(figure);
      const width = Math.floor(plot.clientWidth);
      const embedded = await embed(plot, JSON.parse(source.textContent), options());
      views.set(plot, { embedded, width });
      watch.observe(plot);
      figure.dataset.chart = "drawn";
    } catch (fault) {
      figure.dataset.chart = "failed"; // The table beside it still says everything.
      console.error("A chart could not be drawn.", fault);
    }
  }

  // Vega follows the window only; a plot may also change its width on its own (a tab, a fold).
  const watch = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      const drawn = views.get(target);
      const width = Math.floor(contentRect.width);
      if (!drawn || width < 1 || drawn.width === width) continue;
      drawn.width = width;
      drawn.embedded.view.width(width).runAsync();
    }
  });

  // On paper a wide chart would be scaled down with its text: it is laid out for A4 before, and back after.
  const paper = 680;
  function layOut(widthOf) {
    for (const plot of document.querySelectorAll("figure[data-chart] [data-chart-place]")) {
      const drawn = views.get(plot);
      if (drawn?.width) drawn.embedded.view.width(widthOf(drawn)).run();
    }
  }
  window.addEventListener("beforeprint", () => layOut((drawn) => Math.min(drawn.width, paper)));
  window.addEventListener("afterprint", () => layOut((drawn) => drawn.width));

  function drawIn(root) {
    if (root.matches?.("figure[data-chart]")) draw(root);
    root.querySelectorAll?.("figure[data-chart]").forEach(draw);
  }

  function forget(element) {
    const plot = element.matches?.("figure[data-chart]") && element.querySelector(".chart-plot");
    const drawn = plot && views.get(plot);
    if (!drawn) return;
    watch.unobserve(plot);
    views.delete(plot);
    drawn.embedded.finalize();
  }

  drawIn(document);
  document.addEventListener("htmx:load", (event) => drawIn(event.detail.elt));
  document.addEventListener("htmx:historyRestore", () => redraw());
  document.addEventListener("htmx:beforeCleanupElement", (event) => forget(event.detail.elt));

  // A page that htmx puts back from its history comes as text: drawn charts have lost their views.
  function redraw() {
    for (const figure of document.querySelectorAll("figure[data-chart]")) {
      const plot = figure.querySelector(".chart-plot");
      if (plot && views.has(plot)) continue;
      plot?.replaceChildren();
      figure.dataset.chart = "";
      draw(figure);
    }
  }
})();
