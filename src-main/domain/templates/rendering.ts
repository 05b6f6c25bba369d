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
  /** Null: only look whether the parts can be read. */
  readonly data: Readonly<Record<string, unknown>> | null
  /** A last output: the rendered HTML in words, for a template without text. */
  readonly withWords?: boolean
}

export type RenderAnswer =
  | { readonly type: 'rendered'; readonly outputs: readonly string[] }
  | {
      readonly type: 'unreadable' | 'failed'
      readonly message: string
      readonly line: number | null
      /** Which of the parts; null when that cannot be known. */
      readonly part: number | null
    }

/** What a template is made of; any part may be missing. */
export type TemplateSource = {
  readonly subject: string | null
  readonly html: string | null
  readonly text: string | null
}

/** Whose template it is, and whether mail waits for it. */
export type Use = { readonly caller: Caller; readonly purpose: 'send' | 'preview' }

const limits = {
  maxRequestMs: 1500,
  maxWaiting: 1000,
  resourceLimits: { maxOldGenerationSizeMb: 256 },
}
/** Sends of one tenant or key that wait; a job hands its messages over a few at a time. */
const maxSendsWaiting = 500
const maxPreviewsWaiting = 20
/** The processor time that previews of one tenant or key may use; half of it counts 20 s later. */
const maxPreviewMs = 10_000
/** Sends of an owner whose send was stopped have no thread in common with other sends for so long. */
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
  const sends = startLane(clock, maxSendsWaiting)
  const previews = startLane(clock, maxPreviewsWaiting)
  const stopped = startLane(clock, maxPreviewsWaiting)
  const stoppedTemplates = createMemory(Number.POSITIVE_INFINITY)
  const stoppedSenders = createMemory(stoppedForMs)

  function createMemory(forMs: number) {
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

  async function answerOf(order: RenderOrder, { caller, purpose }: Use): Promise<RenderAnswer> {
    const name = nameOf(order)
    const owners = [...ownersOf(caller), name]
    const [owner = ''] = owners
    const isKnown = stoppedTemplates.has(name)
    const isOrdinary = purpose === 'send' && !stoppedSenders.has(owner)
    const lane = isKnown ? stopped : isOrdinary ? sends : previews
    if (isKnown || purpose === 'preview') demandTime(lane.usedMs(owner), maxOwnerMs)
    try {
      return await lane.ask(owners, order)
    } catch (error) {
      if (error instanceof Fault) throw error
      const failure = threadFailureOf(error)
      if (failure !== 'late' && failure !== 'crashed') throw unavailable()
      stoppedTemplates.add(name)
      if (purpose === 'send') stoppedSenders.add(owner)
      const message =
        failure === 'late'
          ? 'It took too long and was stopped.'
          : 'It needed too much memory and was stopped.'
      return { type: 'failed', message, line: null, part: null }
    }
  }

  async function ask(order: RenderOrder, use: Use): Promise<readonly string[]> {
    const answer = await answerOf(order, use)
    if (answer.type === 'rendered') return answer.outputs
    const { message, line } = answer
    const details = { line, message, part: partNames[answer.part ?? -1] ?? null }
    throw answer.type === 'unreadable'
      ? new Fault('invalid_template', `The template cannot be read: ${message}`, details)
      : new Fault('template_error', `The template could not be rendered: ${message}`, details)
  }

  const partsOf = ({ subject, html, text }: TemplateSource) => [
    { source: subject ?? '', isHtml: false },
    { source: html ?? '', isHtml: true },
    { source: text ?? '', isHtml: false },
  ]

  return {
    /** Refuses what the engine cannot read. */
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

    /** Rendered with a text in any case: made of the HTML where the template has none. */
    async renderWhole(
      use: Use,
      engine: TemplateEngine,
      source: TemplateSource,
      data: Readonly<Record<string, unknown>>,
    ): Promise<Rendered> {
      const withWords = source.text === null && source.html !== null
      const order = { engine, parts: partsOf(source), data, withWords }
      const [subject = '', html = '', text = '', words = ''] = await ask(order, use)
      return {
        subject: source.subject === null ? '' : oneLine(subject),
        html: source.html === null ? null : html,
        text: withWords ? words : text,
      }
    },

    async close(): Promise<void> {
      await Promise.all([sends, previews, stopped].map((lane) => lane.close()))
    },
  }
}

/** A line break would end the header field. */
const oneLine = (subject: string): string => subject.replace(/\s+/g, ' ').trim()

function startLane(clock: Clock, maxWaiting: number) {
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

/** Without the data: a template that loops for some of it is slow for all. */
function nameOf({ engine, parts }: RenderOrder): string {
  return hash('sha256', JSON.stringify([engine, parts]), 'base64')
}

function unavailable(): Fault {
  return new Fault('overloaded', 'Too many templates wait to be rendered. Try again in a moment.')
}

function demandTime(usedMs: number, maxMs: number): void {
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
