/** Idempotency keys of requests whose answer is still unknown; they outlive the app. */

export interface Store {
  get(key: string): string | null
  set(key: string, value: string): void
  remove(key: string): void
  keys(): string[]
}

interface Entry { key: string; at: number }

const NAME = 'gy.pending'
/** The server keeps answers for 48 h; an older key would only look safe. */
const KEEP_MS = 24 * 3600 * 1000

export class PendingKeys {
  constructor(private readonly store: Store, private readonly newId: () => string, private readonly now: () => number) {}

  keyFor(print: string): string {
    const entries = this.read()
    const known = entries[print]
    if (known) return known.key
    const key = this.newId()
    entries[print] = { key, at: this.now() }
    this.write(entries)
    return key
  }

  forget(print: string): void {
    const entries = this.read()
    delete entries[print]
    this.write(entries)
  }

  private read(): Record<string, Entry> {
    const entries = readJson<Record<string, Entry>>(this.store, NAME) ?? {}
    const fresh = Object.entries(entries).filter(([, entry]) => this.now() - entry.at < KEEP_MS)
    return Object.fromEntries(fresh)
  }

  private write(entries: Record<string, Entry>): void {
    if (Object.keys(entries).length === 0) this.store.remove(NAME)
    else this.store.set(NAME, JSON.stringify(entries))
  }
}

export function readJson<T>(store: Store, name: string): T | null {
  try {
    return JSON.parse(store.get(name) ?? 'null') as T | null
  } catch {
    return null
  }
}

/** 106 bits of two differently seeded FNV-like hashes: names a request without storing what it says. */
export function fingerprint(text: string): string {
  return [hash53(text, 1), hash53(text, 2)].map((part) => part.toString(36)).join('')
}

/** cyrb53 by bryc (public domain). */
function hash53(text: string, seed: number): number {
  let high = 0xdeadbeef ^ seed
  let low = 0x41c6ce57 ^ seed
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    high = Math.imul(high ^ unit, 2654435761)
    low = Math.imul(low ^ unit, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return 4294967296 * (2097151 & low) + (high >>> 0)
}
