import type { MimeDigest } from './digest.ts'

/** Of a message that nothing is known of. */
export const emptyDigest: MimeDigest = {
  text: '',
  snippet: '',
  hasText: false,
  hasHtml: false,
  remoteContent: false,
  bodies: [],
  attachments: [],
  fileNames: '',
}
