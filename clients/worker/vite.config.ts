import uniPlugin from '@dcloudio/vite-plugin-uni'
import { defineConfig, type Plugin } from 'vite'

/** uni's H5 styles ask a content network for a shadow picture (dcloudio/uni-app #1803); ours ask nobody. */
function noRemoteStyles(): Plugin {
  return {
    name: 'no-remote-styles',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && file.fileName.endsWith('.css')) file.source = withoutRemote(String(file.source))
        if (file.type === 'chunk') file.code = withoutRemote(file.code)
      }
    },
  }
}

const withoutRemote = (text: string): string => text.replace(/url\(\s*["']?(?:https?:)?\/\/[^)]*\)/g, 'none')

// The plugin is CommonJS: seen from an ES module its function is `.default`.
const uni = (uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin

export default defineConfig({
  base: '/h5/',
  plugins: [uni(), noRemoteStyles()],
  // The runtime build of vue-i18n has no template compiler, so nothing of it needs `eval`.
  resolve: { alias: { 'vue-i18n': 'vue-i18n/dist/vue-i18n.runtime.mjs' } },
  define: {
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    __INTLIFY_DROP_MESSAGE_COMPILER__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
  },
  build: { sourcemap: false, assetsInlineLimit: 0 },
})
