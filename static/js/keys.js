/* Staff keys. Function keys work everywhere, letters and digits only outside text fields and only while switched on;
   nothing happens while an input method composes. */
(function () {
  "use strict";
  var help = document.getElementById("keys"), opener = document.querySelector("[data-keys-open]");
  var letters = document.querySelector("[data-keys-letters]"), OFF = "bancheng-letters-off";

  function remembered() { try { return localStorage.getItem(OFF) === "1"; } catch (error) { return false; } }
  function remember(off) { try { localStorage.setItem(OFF, off ? "1" : "0"); } catch (error) { /* for this page only */ } }
  letters.checked = !remembered();
  letters.addEventListener("change", function () { remember(!letters.checked); });
  opener.hidden = false;
  opener.addEventListener("click", function () { help.showModal(); });

  function isText(node) {
    return node.isContentEditable || /^(TEXTAREA|SELECT)$/.test(node.tagName) ||
      (node.tagName === "INPUT" && !/^(radio|checkbox|submit|button)$/.test(node.type));
  }
  function press(selector) {
    var target = document.querySelector(selector);
    if (target) { target.click(); }
    return Boolean(target);
  }
  function find() {
    var box = document.getElementById("find");
    if (box) { box.focus(); box.select(); }
    return Boolean(box);
  }
  function rows() { return Array.prototype.slice.call(document.querySelectorAll("[data-rows] tbody tr")); }
  function selected(row) { return row.getAttribute("aria-selected") === "true"; }
  function opener_of(row) { return row.querySelector("[data-open]") || row.querySelector("a"); }
  function move(step) {
    var all = rows().filter(opener_of), at = all.findIndex(selected);
    if (!all.length) { return false; }
    if (at >= 0) { all[at].removeAttribute("aria-selected"); }
    at = Math.max(0, Math.min(all.length - 1, at + step));
    all[at].setAttribute("aria-selected", "true");
    opener_of(all[at]).focus();
    return true;
  }
  function open() {
    var row = rows().find(selected);
    if (row) { opener_of(row).click(); }
    return Boolean(row);
  }
  /* What a letter does to the selected row goes before what it does on the page. */
  function press_key(key) {
    var row = rows().find(selected), own = row && row.querySelector('[data-row-key="' + key + '"]');
    if (own) { own.click(); }
    return Boolean(own) || press('[data-key="' + key + '"]');
  }
  /* The form one is in, or the page's only one; a form folded away (显示完整姓名) is never sent by accident. */
  function send(target) {
    var form = target.closest("main form");
    var all = Array.prototype.filter.call(document.querySelectorAll("main form[method=post]"), function (one) {
      return !one.closest("details");
    });
    form = form || (all.length === 1 ? all[0] : null);
    if (form) { form.requestSubmit(); }
    return Boolean(form);
  }
  function back(target) {
    var fold = document.querySelector("details.bc-due[open]");
    if (isText(target)) { target.blur(); return true; }
    if (fold) { fold.open = false; return true; }
    return press("[data-escape]");
  }
  function choose(target, digit) {
    var group = target.closest("[data-numbered]");
    var box = group && group.querySelectorAll("input")[digit - 1];
    if (!box) { return false; }
    box.focus();
    box.click();
    return true;
  }
  /* Down from a field into the list that it offers. */
  function enter(target) {
    var first = document.querySelector("#" + target.getAttribute("data-offers") + " input");
    if (first) { first.focus(); }
    return Boolean(first);
  }
  function letter(key, target) {
    if (key === "?") { help.showModal(); return true; }
    if (key === "j" || key === "ArrowDown") { return move(1); }
    if (key === "k" || key === "ArrowUp") { return move(-1); }
    if (/^[1-9]$/.test(key) && choose(target, Number(key))) { return true; }
    if (/^[a-z0-9]$/.test(key) && press_key(key.toUpperCase())) { return true; }
    return key === "o" && open();
  }

  document.addEventListener("keydown", function (event) {
    var target = event.target, key = event.key, done = false;
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || help.open) { return; }
    if (event.altKey || event.metaKey) { return; }
    if (event.ctrlKey) { done = key === "Enter" && !event.repeat && send(target); }
    else if (key === "F4") { done = find(); }
    else if (/^F[289]$/.test(key) && !event.shiftKey) { done = !event.repeat && press('[data-key="' + key + '"]'); }
    else if (key === "Escape") { done = back(target); }
    else if (key === "ArrowDown" && target.hasAttribute("data-offers")) { done = enter(target); }
    else if (!isText(target) && /^Arrow(Up|Down)$/.test(key)) { done = target.type !== "radio" && letter(key, target); }
    else if (!isText(target) && letters.checked && (!event.repeat || /^[jk]$/i.test(key))) { done = letter(key.toLowerCase(), target); }
    if (done) { event.preventDefault(); }
  });
}());
