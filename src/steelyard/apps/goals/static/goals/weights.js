// What the weights come to, while they are typed.
(() => {
  function sum(form) {
    const typed = [...form.querySelectorAll("[data-weight]")].map((input) => Math.round(parseFloat(input.value) * 100) || 0);
    const whole = typed.reduce((total, each) => total + each, 0) / 100;
    const place = form.querySelector("[data-sum]");
    place.textContent = whole;
    place.parentElement.classList.toggle("bad", whole !== 100);
  }

  for (const form of document.querySelectorAll("form[data-goal-weights]")) form.addEventListener("input", () => sum(form));
})();
