import { createSSRApp } from 'vue'
import App from './App.vue'
import { channel } from './channel'
import { i18n } from './state/i18n'

export function createApp() {
  const app = createSSRApp(App)
  app.use(i18n)
  channel.install(app)
  return { app }
}
