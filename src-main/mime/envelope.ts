/** The SMTP envelope (RFC 5321 §2.3.1): addresses without angle brackets; `mailFrom` is empty for a bounce. */
export type Envelope = { readonly mailFrom: string; readonly rcptTo: readonly string[] }
