/**
 * WeChat's menu makes all text larger by zooming it: what has a fixed size would be torn. The page stays at 100 % and
 * takes the wish over as its own size. Old versions tell a level from 1 (2: standard), new ones a percentage; not
 * looked at on a device.
 */

import type { FontScale } from '../core/api-types'

interface Bridge {
  invoke(name: 'setFontSizeCallback', options: { fontSize: 0 }): void
  on(name: 'menu:setfont', callback: (wish: { fontSize?: string | number; fontScale?: string | number }) => void): void
}

export function takeTextSize(changed: (scale: FontScale) => void): void {
  withBridge((bridge) => {
    const hold = (): void => bridge.invoke('setFontSizeCallback', { fontSize: 0 })
    hold()
    bridge.on('menu:setfont', ({ fontSize, fontScale }) => {
      hold()
      changed(scaleOf(Number(fontScale) || LEVELS[Number(fontSize)] || STANDARD))
    })
  })
}

const STANDARD = 100
const LEVELS: Record<number, number> = { 1: 80, 2: STANDARD, 3: 125, 4: 150 }

const scaleOf = (percent: number): FontScale => (percent < 112 ? '1' : percent < 137 ? '1.25' : '1.5')

function withBridge(use: (bridge: Bridge) => void): void {
  const found = (): Bridge | undefined => (window as { WeixinJSBridge?: Bridge }).WeixinJSBridge
  const bridge = found()
  if (bridge) use(bridge)
  else document.addEventListener('WeixinJSBridgeReady', () => use(found() as Bridge), { once: true })
}
