/** The outcome of one POST to a webhook. */
export type PostOutcome =
  | {
      readonly type: 'answered'
      readonly status: number
      /** The beginning of the response body. */
      readonly body: string
      readonly durationMs: number
    }
  | { readonly type: 'unanswered'; readonly reason: string; readonly durationMs: number }

/** Posts to webhook URLs, guarded against private addresses. */
export type WebhookPosts = {
  /** Why a URL can never be posted to; null when it may be tried. */
  readonly refusal: (url: URL) => string | null
  /** Never rejects. */
  readonly post: (
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
  ) => Promise<PostOutcome>
  /** Aborts the posts in flight. */
  readonly close: () => void
}
