/* Staff keys. Function keys work everywhere, single letters only outside fields; nothing while an IME composes. */
(function () {
  "use strict";
  function inField(node) { return /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) || node.isContentEditable; }
  function press(selector) {
    var target = document.querySelector(selector);
    if (!target) { return false; }
    if (target.matches("input, textarea, select")) { target.focus(); } else { target.click(); }
    return true;
  }
  function rows() { return Array.prototype.slice.call(document.querySelectorAll("[data-rows] tbody tr")); }
  function move(step) {
    var all = rows(), at = all.findIndex(function (row) { return row.getAttribute("aria-selected") === "true"; });
    if (!all.length) { return false; }
    var next = Math.max(0, Math.min(all.length - 1, at + step));
    if (at >= 0) { all[at].removeAttribute("aria-selected"); }
    all[next].setAttribute("aria-selected", "true");
    var link = all[next].querySelector("a");
    if (link) { link.focus(); }
    return true;
  }
  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229 || (event.ctrlKey && event.altKey)) { return; }
    var done = false, field = inField(event.target);
    if (event.key === "F4") { done = press("#find"); }
    else if (/^F(2|8|9)$/.test(event.key) && !event.shiftKey) { done = press('[data-key="' + event.key + '"]'); }
    else if (event.key === "Enter" && event.ctrlKey) {
      var form = event.target.closest("form") || document.querySelector("main form[method=post]");
      if (form) { form.requestSubmit ? form.requestSubmit() : form.submit(); done = true; }
    }
    else if (event.key === "Escape" && !field) { done = press("[data-escape]"); }
    else if (!field && !event.ctrlKey && !event.altKey && !event.metaKey) {
      if (event.key === "j" || event.key === "ArrowDown") { done = move(1); }
      else if (event.key === "k" || event.key === "ArrowUp") { done = move(-1); }
      else if (/^[a-z0-9?]$/i.test(event.key)) { done = press('[data-key="' + event.key.toUpperCase() + '"]'); }
    }
    if (done) { event.preventDefault(); }
  });
}());
