import type { MimePart } from './structure.ts'

/** A multipart/alternative, or a part of its own: the same content as text, as HTML, or as both. */
export interface Body {
  readonly text: MimePart[]
  readonly html: MimePart[]
}

export interface SortedLeaves {
  /** In the order in which readers show them, one below the other. */
  readonly bodies: readonly Body[]
  readonly attachments: readonly MimePart[]
}

/**
 * Divides the leaves of a message into shown parts and attachments. Some programs write a text before
 * and after a picture, and mailing lists add a footer: all of these are shown.
 */
export function sortLeaves(raw: Buffer, root: MimePart): SortedLeaves {
  const bodies: Body[] = []
  let hasBody = false
  const attachments: MimePart[] = []
  const visit = (part: MimePart, alternative: Body | null): void => {
    if (part.children.length > 0) {
      const isAlternative = part.contentType === 'multipart/alternative'
      const inner: Body | null = isAlternative ? { text: [], html: [] } : alternative
      for (const child of part.children) visit(child, inner)
      return
    }
    const kind = bodyKind(part, part === root, hasBody)
    if (kind === null) {
      attachments.push(part)
      return
    }
    const body = alternative ?? { text: [], html: [] }
    if (body.text.length + body.html.length === 0) bodies.push(body)
    body[kind].push(part)
    hasBody ||= !isBlank(raw, part)
  }
  visit(root, null)
  return { bodies, attachments }
}

function isBlank(raw: Buffer, { start, end }: MimePart): boolean {
  for (let position = start; position < end; position++) {
    const byte = raw[position] ?? 0
    if (byte !== 32 && (byte < 9 || byte > 13)) return false
  }
  return true
}

/** A text with a file name is a file, unless it is the first text of the message. */
function bodyKind(part: MimePart, isRoot: boolean, hasBody: boolean): keyof Body | null {
  if (part.disposition === 'attachment') return null
  if (part.filename !== null && hasBody) return null
  if (part.contentType === 'text/html') return 'html'
  if (part.contentType === 'text/plain') return 'text'
  return isRoot && part.contentType.startsWith('text/') ? 'text' : null
}
