import uniPlugin from '@dcloudio/vite-plugin-uni'
import { defineConfig, type Plugin } from 'vite'

/** uni's H5 styles ask a content network for a shadow picture (dcloudio/uni-app #1803); ours ask nobody. */
function noRemoteStyles(): Plugin {
  return {
    name: 'no-remote-styles',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && /\.(css|wxss|acss)$/.test(file.fileName)) file.source = withoutRemote(String(file.source))
        if (file.type === 'chunk') file.code = withoutRemote(file.code)
      }
    },
  }
}

declare const process: { env: Record<string, string | undefined> }
const isMini = process.env['UNI_PLATFORM']?.startsWith('mp-') ?? false

/**
 * WeChat puts an element of its own around each component: our layout would be torn. Without it (`virtualHost`) a
 * component's outermost element stands where the component does, as in a browser.
 */
function virtualHosts(): Plugin {
  return {
    name: 'virtual-hosts',
    enforce: 'pre',
    transform(code, id) {
      if (!isMini || !/\/src\/(ui|channel)\/\w+\.vue$/.test(id)) return null
      return code.replace('<script setup lang="ts">', '<script setup lang="ts">\ndefineOptions({ options: { virtualHost: true } })')
    },
  }
}

/** uni's WeChat runtime has the app fetch a picture from its maker's network three seconds after each start. */
function noPreload(): Plugin {
  return {
    name: 'no-preload',
    enforce: 'pre',
    transform: (code, id) => (id.endsWith('uni.mp.esm.js') ? code.replace(/^(\s*)preloadAsset\(\);$/m, '$1') : null),
  }
}

/** The operator's own app id, from the environment: none is committed. */
function appId(): Plugin {
  return {
    name: 'app-id',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const file = bundle['project.config.json']
      const id = process.env['WEIXIN_APPID']
      if (file?.type === 'asset' && id) file.source = JSON.stringify({ ...JSON.parse(String(file.source)), appid: id }, null, 2)
    },
  }
}

const withoutRemote = (text: string): string => text.replace(/url\(\s*["']?(?:https?:)?\/\/[^)]*\)/g, 'none')

// The plugin is CommonJS: seen from an ES module its function is `.default`.
const uni = (uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin

// A mini-program has no address of its own; without the server's it is built to be tested, not to be uploaded.
if (isMini) process.env['VITE_API_ORIGIN'] ??= 'https://gongyue.example'

export default defineConfig({
  base: isMini ? '/' : '/h5/',
  plugins: [virtualHosts(), noPreload(), uni(), noRemoteStyles(), appId()],
  define: {
    __VUE_PROD_DEVTOOLS__: 'false',
  },
  build: { sourcemap: false, assetsInlineLimit: 0 },
})
