/** The few marks that agreement texts use: headings, bullets, bold, paragraphs. */

export interface Span { text: string; bold: boolean }
export interface Block { kind: 'heading' | 'bullet' | 'paragraph'; spans: Span[] }

export function blocks(text: string): Block[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      if (line.startsWith('#')) return { kind: 'heading', spans: spans(line.replace(/^#+\s*/, '')) }
      if (/^[-*]\s/.test(line)) return { kind: 'bullet', spans: spans(line.slice(2)) }
      return { kind: 'paragraph', spans: spans(line) }
    })
}

/** Every second part between double asterisks is bold. */
function spans(text: string): Span[] {
  return text
    .split('**')
    .map((part, index) => ({ text: part, bold: index % 2 === 1 }))
    .filter((span) => span.text !== '')
}
