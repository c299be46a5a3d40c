"use strict";
(() => {
  const root = document.documentElement;
  const nav = document.querySelector("nav.contents");
  if (nav) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "theme";
    const dark = () => root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    const name = () => { button.textContent = dark() ? "Light colours" : "Dark colours"; };
    button.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; name(); });
    name();
    nav.append(button);

    const links = new Map([...nav.querySelectorAll("a")].map((a) => [a.hash.slice(1), a]));
    if ("IntersectionObserver" in window) {
      const seen = new IntersectionObserver((entries) => {
        for (const entry of entries) {
          if (!entry.isIntersecting) continue;
          for (const link of links.values()) link.removeAttribute("aria-current");
          links.get(entry.target.id)?.setAttribute("aria-current", "true");
        }
      }, { rootMargin: "-10% 0px -80% 0px" });
      for (const id of links.keys()) seen.observe(document.getElementById(id));
    }
  }
  // Older browsers do not open details in print by style alone.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => { for (const details of closed) details.open = false; });
})();
