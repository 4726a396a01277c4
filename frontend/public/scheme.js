// Before the first paint, and as a file because the page's policy forbids inline scripts: the colour scheme last chosen.
(function () {
  var chosen = "auto";
  try {
    chosen = localStorage.getItem("engage-color-scheme") || "auto";
  } catch {
    chosen = "auto";
  }
  var dark = chosen === "dark" || (chosen === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
