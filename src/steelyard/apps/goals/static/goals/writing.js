// The server fills in what the KPI and the owner know; what is typed meanwhile stays, and what is unfolded.
(() => {
  const FORM = "goal-form";
  let sent = new Map();
  let typed = [];
  let unfolded = [];

  const isAbout = (event) => event.detail.target?.id === FORM;
  const parts = (what) => [...document.querySelectorAll(`#${FORM} ${what}`)];
  const fields = () => parts("[name]:not(button, [type=hidden])");

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isAbout(event)) sent = new Map(fields().map((field) => [field.name, field.value]));
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isAbout(event)) return;
    typed = fields().filter((field) => sent.has(field.name) && sent.get(field.name) !== field.value);
    unfolded = parts("details").map((each) => each.open);
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (!isAbout(event)) return;
    parts("details").forEach((each, place) => { if (unfolded[place]) each.open = true; });
    const byName = new Map(fields().map((field) => [field.name, field]));
    for (const { name, value } of typed) if (byName.has(name)) byName.get(name).value = value;
    if (typed.length) document.getElementById(FORM).dispatchEvent(new Event("input"));
    [typed, unfolded] = [[], []];
  });
})();
