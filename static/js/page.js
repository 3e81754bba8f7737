/* Every page: focus the error summary, count characters, read the page aloud. All of it is comfort only. */
(function () {
  "use strict";
  var summary = document.querySelector("[data-focus]");
  if (summary) { summary.focus(); }

  document.querySelectorAll("textarea[maxlength]").forEach(function (area) {
    var note = document.createElement("p");
    note.className = "bc-field__hint";
    note.setAttribute("role", "status");
    area.insertAdjacentElement("afterend", note);
    area.addEventListener("input", function () {
      var left = area.maxLength - area.value.length;
      note.textContent = left <= 100 ? "还可以写 " + left + " 个字" : "";
    });
  });

  var button = document.querySelector("[data-read]");
  var speech = window.speechSynthesis;
  function localVoice() {
    return speech.getVoices().find(function (voice) { return voice.localService && /^zh/i.test(voice.lang); });
  }
  function offer() { if (button && localVoice()) { button.hidden = false; } }
  if (button && speech) {
    offer();
    speech.addEventListener("voiceschanged", offer);
    button.addEventListener("click", function () {
      var word = button.querySelector("[data-read-word]");
      if (speech.speaking) { speech.cancel(); word.textContent = "朗读"; return; }
      var text = new SpeechSynthesisUtterance(document.getElementById("main").innerText);
      text.voice = localVoice();
      text.lang = "zh-CN";
      text.rate = 0.9;
      text.onend = function () { word.textContent = "朗读"; };
      word.textContent = "停止";
      speech.speak(text);
    });
  }
}());
