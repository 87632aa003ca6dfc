/** uni-app's built-in elements have no role, focus or name in a browser: this gives them all three. */

import type { App } from 'vue'

const PRESSABLE = '[role="button"],[role="link"],[role="checkbox"],[role="radio"],[role="tab"]'
const PASSED_ON = ['aria-label', 'aria-describedby', 'aria-invalid', 'autocomplete', 'enterkeyhint', 'inputmode', 'autocapitalize']

export function installAccessibility(app: App): void {
  app.mixin({
    mounted(this: { $el: unknown }) {
      improve(this.$el)
      enterDialog(this.$el)
    },
    updated(this: { $el: unknown }) {
      improve(this.$el)
    },
  })
  document.addEventListener('keydown', pressByKey)
}

/** What covers the page takes the focus, or a keyboard would stay behind it. */
function enterDialog(element: unknown): void {
  if (!(element instanceof HTMLElement) || element.getAttribute('role') !== 'dialog') return
  element.setAttribute('tabindex', '-1')
  element.focus({ preventScroll: true })
}

function improve(element: unknown): void {
  if (!(element instanceof HTMLElement)) return
  switch (element.tagName) {
    case 'UNI-BUTTON':
      return improveButton(element)
    case 'UNI-INPUT':
    case 'UNI-TEXTAREA':
      return improveInput(element)
    case 'UNI-IMAGE':
      return improveImage(element)
  }
}

function improveButton(element: HTMLElement): void {
  const disabled = element.hasAttribute('disabled')
  element.setAttribute('role', 'button')
  element.setAttribute('tabindex', disabled ? '-1' : '0')
  element.setAttribute('aria-disabled', String(disabled))
}

function improveInput(element: HTMLElement): void {
  const inner = element.querySelector('input,textarea')
  if (!inner) return
  for (const name of PASSED_ON) {
    const value = element.getAttribute(name)
    if (value !== null) inner.setAttribute(name, value)
  }
}

function improveImage(element: HTMLElement): void {
  const name = element.getAttribute('aria-label')
  if (name) element.setAttribute('role', 'img')
  else element.setAttribute('aria-hidden', 'true')
  element.querySelector('img')?.setAttribute('alt', name ?? '')
}

function pressByKey(event: KeyboardEvent): void {
  // A tap beside the sheet closes it; for a keyboard that is Escape.
  if (event.key === 'Escape') document.querySelector<HTMLElement>('.sheet-shade')?.click()
  if (event.key !== 'Enter' && event.key !== ' ') return
  const target = event.target
  if (!(target instanceof HTMLElement) || !target.matches(PRESSABLE)) return
  event.preventDefault()
  target.click()
}
