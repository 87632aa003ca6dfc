// What can be measured of accessibility on one screen: names, targets, contrast, width. Returns findings.
() => {
  const findings = []
  const shown = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && node.getClientRects().length > 0
  const label = (node) => (node.getAttribute('aria-label') || node.textContent || '').trim()
  const about = (node) => `${node.tagName.toLowerCase()}.${String(node.className).split(' ').join('.')} “${label(node).slice(0, 20)}”`

  for (const node of document.querySelectorAll('[role=button],[role=link],[role=tab],[role=checkbox],uni-button')) {
    if (!shown(node)) continue
    if (!label(node)) findings.push(`no name: ${about(node)}`)
    if (node.getAttribute('aria-disabled') !== 'true' && node.tabIndex < 0) findings.push(`no focus: ${about(node)}`)
    const box = node.getBoundingClientRect()
    const inline = node.classList.contains('inline-link') || node.classList.contains('place')
    if (!inline && (box.width < 43.5 || box.height < 43.5)) findings.push(`small ${Math.round(box.width)}×${Math.round(box.height)}: ${about(node)}`)
  }
  for (const node of document.querySelectorAll('input,textarea')) {
    if (shown(node) && !node.getAttribute('aria-label')) findings.push(`no label: ${node.outerHTML.slice(0, 80)}`)
  }
  for (const node of document.querySelectorAll('img')) {
    if (node.getAttribute('alt') === null) findings.push(`no alt: ${node.src.slice(0, 60)}`)
  }
  if (document.querySelectorAll('[role=heading][aria-level="1"]').length < 1) findings.push('no first heading')
  if (!document.documentElement.lang) findings.push('no language')
  const wide = document.documentElement.scrollWidth - window.innerWidth
  if (wide > 0) findings.push(`scrolls sideways by ${wide} px`)

  const parse = (colour) => (colour.match(/[\d.]+/g) || []).map(Number)
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
  const ground = (node) => {
    for (let up = node; up; up = up.parentElement) {
      const colour = parse(getComputedStyle(up).backgroundColor)
      if (colour.length === 3 || colour[3] > 0.9) return colour
    }
    return [255, 255, 255]
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement
    if (!walker.currentNode.textContent.trim() || !node || !shown(node) || node.closest('script,style')) continue
    const style = getComputedStyle(node)
    const [a, b] = [luminance(parse(style.color)), luminance(ground(node))].sort((x, y) => y - x)
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 600)
    if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5)) findings.push(`contrast ${((a + 0.05) / (b + 0.05)).toFixed(2)}: ${about(node)}`)
  }
  return findings
}
