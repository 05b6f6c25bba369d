/** What came of one POST to a webhook. */
export type PostOutcome =
  | {
      readonly type: 'answered'
      readonly status: number
      /** The beginning of what it said. */
      readonly body: string
      readonly durationMs: number
    }
  | { readonly type: 'unanswered'; readonly reason: string; readonly durationMs: number }

/** The way out for webhooks, which looks where it goes. */
export type WebhookPosts = {
  /** Why an address as it is written can never be posted to; null: it may be tried. */
  readonly refusal: (url: URL) => string | null
  /** Never rejects. */
  readonly post: (
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
  ) => Promise<PostOutcome>
  /** Ends what is under way. */
  readonly close: () => void
}
