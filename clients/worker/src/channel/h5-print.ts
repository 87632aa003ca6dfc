/** Paper from page pictures: the browser prints a sheet for each, nothing else. */

const KEEP_MS = 60_000

/** Resolves when the browser was asked to print. Rejects when a picture didn't load. */
export async function printPictures(paths: string[]): Promise<void> {
  const sheets = document.createElement('div')
  sheets.className = 'print-sheets'
  document.body.append(sheets)
  try {
    await Promise.all(paths.map((path) => load(sheets, location.origin + path)))
    window.print()
  } catch (error) {
    sheets.remove()
    throw error
  }
  // A phone's print() may return before its dialogue took the picture of the page.
  window.addEventListener('afterprint', () => sheets.remove(), { once: true })
  setTimeout(() => sheets.remove(), KEEP_MS)
}

function load(sheets: HTMLElement, source: string): Promise<void> {
  const picture = new Image()
  sheets.append(picture)
  picture.src = source
  return picture.decode()
}
