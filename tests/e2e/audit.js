// What keeps people from using this screen: names, focus, size and contrast of what is shown. Returns findings.
() => {
  const findings = []
  const shown = (element) => {
    const box = element.getBoundingClientRect()
    return box.width > 0 && box.height > 0 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  }
  const hidden = (element) => element.closest('[aria-hidden="true"]') !== null
  const label = (element) => `<${element.tagName.toLowerCase()} class="${element.className}">${(element.textContent || '').trim().slice(0, 24)}`
  const nameOf = (element) => (element.getAttribute('aria-label') || element.getAttribute('alt') || element.innerText || '').trim()

  // An invisible ::before around a control widens what a thumb hits.
  const touchArea = (element) => {
    const { width, height } = element.getBoundingClientRect()
    const before = getComputedStyle(element, '::before')
    const edge = before.content !== 'none' && before.position === 'absolute' ? Math.max(0, -parseFloat(before.top)) : 0
    return { width: width + 2 * edge, height: height + 2 * edge }
  }
  const dialogue = [...document.querySelectorAll('[aria-modal="true"]')].filter(shown).pop()
  const scope = dialogue || document.body
  const controls = scope.querySelectorAll('[role=button],[role=link],[role=checkbox],[role=radio],[role=tab],input,textarea,a[href],button')
  for (const control of controls) {
    if (!shown(control) || hidden(control)) continue
    if (!nameOf(control)) findings.push(`no name: ${label(control)}`)
    const isOff = control.getAttribute('aria-disabled') === 'true' || control.matches(':disabled')
    if (!isOff && control.tabIndex < 0) findings.push(`not reachable by keyboard: ${label(control)}`)
    const field = control.closest('uni-input, uni-textarea') || control
    const { width, height } = touchArea(field)
    const isInText = getComputedStyle(control).display === 'inline'
    if (!isInText && Math.min(width, height) < 43.5) findings.push(`too small (${Math.round(width)}×${Math.round(height)}): ${label(control)}`)
  }
  for (const picture of scope.querySelectorAll('img')) {
    if (shown(picture) && !hidden(picture) && !picture.alt) findings.push(`picture without text: ${label(picture.parentElement)}`)
  }

  const rgba = (text) => {
    const parts = text.match(/[\d.]+/g).map(Number)
    return { r: parts[0], g: parts[1], b: parts[2], a: parts[3] ?? 1 }
  }
  const over = (front, back) => {
    const mix = (a, b) => a * front.a + b * (1 - front.a)
    return { r: mix(front.r, back.r), g: mix(front.g, back.g), b: mix(front.b, back.b), a: 1 }
  }
  const groundOf = (element) => {
    const layers = []
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor)
      if (colour.a > 0) layers.push(colour)
      if (colour.a === 1) break
    }
    return layers.reverse().reduce((ground, layer) => over(layer, ground), { r: 255, g: 255, b: 255, a: 1 })
  }
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05)
  const seen = new Set()
  const texts = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement
    if (!texts.currentNode.data.trim() || seen.has(element) || !shown(element) || hidden(element)) continue
    seen.add(element)
    const style = getComputedStyle(element)
    const size = parseFloat(style.fontSize)
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    const ground = groundOf(element)
    const found = ratio(over(rgba(style.color), ground), ground)
    if (found < (isLarge ? 3 : 4.5)) findings.push(`contrast ${found.toFixed(1)}: ${label(element)}`)
    if (size < 12) findings.push(`text of ${size} px: ${label(element)}`)
  }

  const root = document.scrollingElement
  if (root.scrollWidth > innerWidth + 1) findings.push(`wider than the screen: ${root.scrollWidth} px`)
  const titles = [...document.querySelectorAll('[aria-level="1"], h1')].filter(shown)
  if (titles.length !== 1) findings.push(`${titles.length} main headings`)
  if (!document.documentElement.lang) findings.push('no language')
  return findings
}
