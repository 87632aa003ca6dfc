// @ts-check
/** "Again in 57 s" on the button that sent a code. */
import { resendIn } from "./words.js";

/** @type {WeakMap<HTMLButtonElement, number>} */
const running = new WeakMap();

/** An answer with `data-resend-after` locks the button beside it. @param {ParentNode} root */
export function startCountdowns(root) {
  for (const answer of root.querySelectorAll("[data-resend-after]")) {
    const button = answer.closest(".mb-3")?.querySelector("[data-send-code]");
    const seconds = Number(/** @type {HTMLElement} */ (answer).dataset.resendAfter);
    if (button instanceof HTMLButtonElement && seconds > 0) count(button, seconds);
    answer.removeAttribute("data-resend-after");
  }
}

/** @param {HTMLButtonElement} button @param {number} seconds */
function count(button, seconds) {
  const usual = button.dataset.text ?? button.textContent ?? "";
  button.dataset.text = usual;
  const end = Date.now() + seconds * 1000;
  window.clearInterval(running.get(button));
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? resendIn(left) : usual;
    if (left <= 0) window.clearInterval(running.get(button));
  };
  running.set(button, window.setInterval(tick, 500));
  tick();
}
