import { hash } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { createFairQueue } from '../../base/fair-queue.ts'
import { startThread } from '../../base/thread.ts'
import { threadFailureOf } from '../../base/thread-failure.ts'
import { Fault } from '../../contract/faults.ts'
import type { Rendered, TemplateEngine } from '../../contract/templates.ts'
import { type Caller, ownersOf } from '../auth/caller.ts'

export type Renderer = ReturnType<typeof startRenderer>

type Part = { readonly source: string; readonly isHtml: boolean }

export type RenderOrder = {
  readonly engine: TemplateEngine
  readonly parts: readonly Part[]
  /** Null only checks the syntax of the parts. */
  readonly data: Readonly<Record<string, unknown>> | null
  /** Adds an output: the text of the rendered HTML, for a template without text. */
  readonly withText?: boolean
}

export type RenderAnswer =
  | { readonly type: 'rendered'; readonly outputs: readonly string[] }
  | {
      readonly type: 'unreadable' | 'failed'
      readonly message: string
      readonly line: number | null
      /** The index of the part; null when it is unknown. */
      readonly part: number | null
    }

/** The parts of a template; any of them may be missing. */
export type TemplateSource = {
  readonly subject: string | null
  readonly html: string | null
  readonly text: string | null
}

/** The caller who renders, and the purpose: a message waits for a send, not for a preview. */
export type Use = { readonly caller: Caller; readonly purpose: 'send' | 'preview' }

const limits = {
  maxRequestMs: 1500,
  maxWaiting: 1000,
  resourceLimits: { maxOldGenerationSizeMb: 256 },
}
/** Waiting sends of one tenant or key. A job renders a few messages at a time. */
const maxSendsWaiting = 500
const maxPreviewsWaiting = 20
/** Processor time of the previews of one tenant or key; after 20 s half of it counts. */
const maxPreviewMs = 10_000
/** After a stopped send, the sends of its owner share no thread with other sends for this time. */
const stoppedForMs = 60_000
const maxRemembered = 1000
const partNames = ['subject', 'html', 'text'] as const

/**
 * Renders templates on threads that can be ended, with turns by tenant, key and template. Previews
 * have a thread of their own, and so have the templates that were stopped before.
 */
export function startRenderer({
  clock,
  maxOwnerMs = maxPreviewMs,
}: {
  readonly clock: Clock
  readonly maxOwnerMs?: number
}) {
  const threads = startThreads(clock, maxOwnerMs)

  async function ask(order: RenderOrder, use: Use): Promise<readonly string[]> {
    const answer = await threads.ask(order, use)
    if (answer.type === 'rendered') return answer.outputs
    const { message, line } = answer
    const details = { line, message, part: partNames[answer.part ?? -1] ?? null }
    throw answer.type === 'unreadable'
      ? new Fault('invalid_template', `The template has a syntax error: ${message}`, details)
      : new Fault('template_error', `The template could not be rendered: ${message}`, details)
  }

  const partsOf = ({ subject, html, text }: TemplateSource) => [
    { source: subject ?? '', isHtml: false },
    { source: html ?? '', isHtml: true },
    { source: text ?? '', isHtml: false },
  ]

  return {
    /** Refuses a syntax error. */
    async check(caller: Caller, engine: TemplateEngine, source: TemplateSource): Promise<void> {
      await ask({ engine, parts: partsOf(source), data: null }, { caller, purpose: 'preview' })
    },

    async render(
      use: Use,
      engine: TemplateEngine,
      source: TemplateSource,
      data: Readonly<Record<string, unknown>>,
    ): Promise<TemplateSource> {
      const [subject = '', html = '', text = ''] = await ask(
        { engine, parts: partsOf(source), data },
        use,
      )
      return {
        subject: source.subject === null ? null : oneLine(subject),
        html: source.html === null ? null : html,
        text: source.text === null ? null : text,
      }
    },

    /** The result always has a text, made from the HTML if the template has none. */
    async renderWhole(
      use: Use,
      engine: TemplateEngine,
      source: TemplateSource,
      data: Readonly<Record<string, unknown>>,
    ): Promise<Rendered> {
      const withText = source.text === null && source.html !== null
      const order = { engine, parts: partsOf(source), data, withText }
      const [subject = '', html = '', text = '', textOfHtml = ''] = await ask(order, use)
      return {
        subject: source.subject === null ? '' : oneLine(subject),
        html: source.html === null ? null : html,
        text: withText ? textOfHtml : text,
      }
    },

    close: threads.close,
  }
}

/** Chooses the thread of an order, and remembers templates and senders that stopped one. */
function startThreads(clock: Clock, maxOwnerMs: number) {
  const sends = startRenderThread(clock, maxSendsWaiting)
  const previews = startRenderThread(clock, maxPreviewsWaiting)
  const stopped = startRenderThread(clock, maxPreviewsWaiting)
  const stoppedTemplates = createMemory(clock, Number.POSITIVE_INFINITY)
  const stoppedSenders = createMemory(clock, stoppedForMs)

  async function ask(order: RenderOrder, { caller, purpose }: Use): Promise<RenderAnswer> {
    const id = templateId(order)
    const owners = [...ownersOf(caller), id]
    const [owner = ''] = owners
    const wasStopped = stoppedTemplates.has(id)
    const isOrdinary = purpose === 'send' && !stoppedSenders.has(owner)
    const thread = wasStopped ? stopped : isOrdinary ? sends : previews
    if (wasStopped || purpose === 'preview') checkTime(thread.usedMs(owner), maxOwnerMs)
    try {
      return await thread.ask(owners, order)
    } catch (error) {
      if (error instanceof Fault) throw error
      const failure = threadFailureOf(error)
      if (failure !== 'late' && failure !== 'crashed') throw unavailable()
      stoppedTemplates.add(id)
      if (purpose === 'send') stoppedSenders.add(owner)
      const message =
        failure === 'late'
          ? 'It took too long and was stopped.'
          : 'It needed too much memory and was stopped.'
      return { type: 'failed', message, line: null, part: null }
    }
  }

  return {
    ask,
    async close(): Promise<void> {
      await Promise.all([sends, previews, stopped].map((thread) => thread.close()))
    },
  }
}

/** A line break would end the header field. */
const oneLine = (subject: string): string => subject.replace(/\s+/g, ' ').trim()

/** Names, each for a time after it was added; the oldest make way for new ones. */
function createMemory(clock: Clock, forMs: number) {
  const known = new Map<string, number>()
  return {
    has: (name: string): boolean =>
      clock.elapsed() - (known.get(name) ?? Number.NEGATIVE_INFINITY) < forMs,
    add(name: string): void {
      const [oldest] = known.keys()
      if (known.size >= maxRemembered && oldest !== undefined) known.delete(oldest)
      known.set(name, clock.elapsed())
    },
  }
}

function startRenderThread(clock: Clock, maxWaiting: number) {
  const thread = startThread<RenderOrder, RenderAnswer>(
    import.meta.url,
    'render-worker',
    {},
    limits,
  )
  const queue = createFairQueue({
    clock,
    maxWaiting,
    maxChargeMs: limits.maxRequestMs,
    tooMany: () => tooMany(maxWaiting),
  })
  return {
    ask: (owners: readonly string[], order: RenderOrder) =>
      queue.run({ owners }, () => thread.ask(order)),
    usedMs: queue.usedMs,
    close: thread.close,
  }
}

/** Without the data: a template that is slow for some data counts as slow for all. */
function templateId({ engine, parts }: RenderOrder): string {
  return hash('sha256', JSON.stringify([engine, parts]), 'base64')
}

function unavailable(): Fault {
  return new Fault('overloaded', 'Too many templates are being rendered. Try again in a moment.')
}

function checkTime(usedMs: number, maxMs: number): void {
  if (usedMs <= maxMs) return
  throw new Fault(
    'rate_limit_exceeded',
    `Previews of this key or tenant took more than ${maxMs / 1000} seconds to render just now. Make their templates simpler, or try again in half a minute.`,
    { retry_after: 30 },
  )
}

function tooMany(count: number): Fault {
  return new Fault(
    'rate_limit_exceeded',
    `${count} templates of this key or tenant wait to be rendered already. Ask again when some of them are answered.`,
    { retry_after: 1 },
  )
}
