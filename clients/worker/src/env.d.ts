declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent<object, object, unknown>
  export default component
}
interface ImportMeta {
  /** `VITE_API_ORIGIN`: https address of the server, for mini-programs. */
  readonly env: { readonly VITE_API_ORIGIN?: string }
}
