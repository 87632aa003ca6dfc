// @ts-check
/** `data-copy`: the text of the field beside the button, to the clipboard. */
import { copied } from "./words.js";

/** Where the browser keeps the clipboard away (no https), the text is selected for the person's own keys.
 * @param {Element} button */
export async function copyBeside(button) {
  const input = button.closest("[data-copy]")?.querySelector("input");
  if (!input) return;
  input.select();
  try {
    await navigator.clipboard.writeText(input.value);
  } catch {
    if (!document.execCommand("copy")) return;
  }
  const text = button.querySelector("span");
  if (text) text.textContent = copied;
}
