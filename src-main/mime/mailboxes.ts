/** A mailbox of RFC 5322 §3.4: an address and perhaps a display name. */
export type Mailbox = { readonly name: string | null; readonly address: string }
