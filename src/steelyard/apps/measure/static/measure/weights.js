// What the weights come to, while they are typed.
(() => {
  function sum(form) {
    const typed = [...form.querySelectorAll(".weights input")].map((input) => parseInt(input.value, 10) || 0);
    form.querySelector("[data-sum]").textContent = typed.reduce((whole, each) => whole + each, 0);
  }

  for (const form of document.querySelectorAll("form[data-weights]")) form.addEventListener("input", () => sum(form));
})();
