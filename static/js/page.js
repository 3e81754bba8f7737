/* Every page: focus what went wrong, count characters, read the page aloud. All of it is comfort only. */
(function () {
  "use strict";
  function each(selector, act) { Array.prototype.forEach.call(document.querySelectorAll(selector), act); }

  /* The browser itself may honour autofocus only after the page is drawn: the first key of a fast typist would be lost. */
  var first = document.querySelector("[data-focus]") || document.querySelector("[autofocus]");
  if (first) { first.focus(); }
  document.addEventListener("htmx:afterSwap", function (event) {
    var target = event.target.querySelector("[data-focus]");
    if (target) { target.focus(); }
  });

  /* Seen at every key, but said aloud only when 100, 50 or 10 characters are left. */
  each("textarea[data-max]", function (area) {
    var max = Number(area.getAttribute("data-max")), said = null;
    var seen = area.insertAdjacentElement("afterend", document.createElement("p"));
    var spoken = seen.insertAdjacentElement("afterend", document.createElement("p"));
    seen.className = "bc-field__hint";
    seen.setAttribute("aria-hidden", "true");
    spoken.className = "bc-u-hide";
    spoken.setAttribute("role", "status");
    function count() {
      var left = max - area.value.length;
      var text = left < 0 ? "多了 " + -left + " 个字" : "还可以写 " + left + " 个字";
      var step = left < 0 ? -1 : [10, 50, 100].find(function (n) { return left <= n; }) || null;
      seen.textContent = text;
      seen.classList.toggle("bc-field__hint--over", left < 0);
      if (step !== said) { said = step; spoken.textContent = step === null ? "" : text; }
    }
    area.addEventListener("input", count);
    if (area.value) { count(); }
  });

  /* Only with a Chinese voice of this device: text is never sent to a remote one. */
  var button = document.querySelector("[data-read]"), speech = window.speechSynthesis;
  if (!button || !speech) { return; }
  var word = button.querySelector("[data-read-word]"), left = 0;
  function voice() {
    return speech.getVoices().find(function (one) { return one.localService && /^zh/i.test(one.lang); });
  }
  function offer() { button.hidden = !voice(); }
  function stop() { left = 0; speech.cancel(); word.textContent = "朗读"; }
  function read(text) {
    var line = new SpeechSynthesisUtterance(text);
    line.voice = voice();
    line.lang = "zh-CN";
    line.rate = 0.9;
    line.onend = function () { left -= 1; if (left === 0) { stop(); } };
    speech.speak(line);
  }
  offer();
  speech.addEventListener("voiceschanged", offer);
  window.addEventListener("pagehide", stop);
  button.addEventListener("click", function () {
    if (left > 0) { stop(); return; }
    var lines = document.getElementById("main").innerText.split(/\n+/).filter(function (line) { return line.trim(); });
    left = lines.length;
    word.textContent = "停止";
    lines.forEach(read);
  });
}());
