// @ts-check
/** Drop a file on the box, or choose one; its name and size are shown before it is sent. */
import { onlyFirst } from "./words.js";

/** @param {ParentNode} root */
export function enhanceUploads(root) {
  for (const box of root.querySelectorAll(".drop")) {
    const input = box.querySelector("input[type=file]");
    const name = box.querySelector("[data-file-name]");
    if (!(box instanceof HTMLElement) || !(input instanceof HTMLInputElement) || !(name instanceof HTMLElement)) continue;
    input.addEventListener("change", () => { name.textContent = describe(input.files?.[0]); });
    for (const kind of ["dragenter", "dragover"]) {
      box.addEventListener(kind, (event) => { event.preventDefault(); box.classList.add("is-over"); });
    }
    for (const kind of ["dragleave", "drop"]) box.addEventListener(kind, () => box.classList.remove("is-over"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      const dropped = event.dataTransfer?.files ?? null;
      const [first] = dropped ?? [];
      if (!dropped || !first) return;
      const one = new DataTransfer();
      one.items.add(first);
      input.files = one.files;
      input.dispatchEvent(new Event("change"));
      if (dropped.length > 1) name.textContent = `${describe(first)} ${onlyFirst}`;
    });
  }
}

/** @param {File | undefined} file */
export function describe(file) {
  if (!file) return "";
  const megabytes = file.size / 1048576;
  return `${file.name}（${megabytes < 0.1 ? `${Math.ceil(file.size / 1024)} KB` : `${megabytes.toFixed(1)} MB`}）`;
}
