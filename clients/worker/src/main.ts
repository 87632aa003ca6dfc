import { createSSRApp } from 'vue'
import App from './App.vue'
import { channel } from './channel'

export function createApp() {
  const app = createSSRApp(App)
  channel.install(app)
  return { app }
}
