/** Text into the clipboard. `navigator.clipboard` is missing in old built-in browsers, and may be refused there. */

/** Must follow a tap. False: not possible here. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copySelected(text)
  }
}

function copySelected(text: string): boolean {
  const field = document.createElement('textarea')
  field.className = 'hidden-visually'
  field.readOnly = true // no keyboard
  field.value = text
  document.body.append(field)
  field.select()
  field.setSelectionRange(0, text.length)
  const copied = document.execCommand('copy')
  field.remove()
  return copied
}
