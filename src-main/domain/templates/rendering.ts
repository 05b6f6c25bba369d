import { hash } from 'node:crypto'
import { startThread } from '../../base/thread.ts'
import { threadFailureOf } from '../../base/thread-failure.ts'
import { Fault } from '../../contract/faults.ts'
import type { TemplateEngine } from '../../contract/templates.ts'

export type Renderer = ReturnType<typeof startRenderer>

type Part = { readonly source: string; readonly isHtml: boolean }

export type RenderOrder = {
  readonly engine: TemplateEngine
  readonly parts: readonly Part[]
  /** Null: only look whether the parts can be read. */
  readonly data: Readonly<Record<string, unknown>> | null
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

const limits = {
  maxRequestMs: 1500,
  // Behind a template that is stopped the others wait for a second or two; more than these never do.
  maxWaiting: 500,
  resourceLimits: { maxOldGenerationSizeMb: 256 },
}
const maxSlowTemplates = 200
const partNames = ['subject', 'html', 'text'] as const

/** Renders templates on threads that can be ended, so that none can hold up anybody else. */
export function startRenderer() {
  const start = () =>
    startThread<RenderOrder, RenderAnswer>(import.meta.url, 'render-worker', {}, limits)
  const thread = start()
  // Templates that were stopped before wait for each other here, and for nobody else.
  const slowThread = start()
  const slowTemplates = new Set<string>()

  async function answerOf(order: RenderOrder): Promise<RenderAnswer> {
    const name = nameOf(order)
    try {
      return await (slowTemplates.has(name) ? slowThread : thread).ask(order)
    } catch (error) {
      const failure = threadFailureOf(error)
      if (failure !== 'late' && failure !== 'crashed') throw unavailable()
      if (slowTemplates.size >= maxSlowTemplates) slowTemplates.clear()
      slowTemplates.add(name)
      const message =
        failure === 'late'
          ? 'It took too long and was stopped.'
          : 'It needed too much memory and was stopped.'
      return { type: 'failed', message, line: null, part: null }
    }
  }

  async function ask(order: RenderOrder): Promise<readonly string[]> {
    const answer = await answerOf(order)
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
    async check(engine: TemplateEngine, source: TemplateSource): Promise<void> {
      await ask({ engine, parts: partsOf(source), data: null })
    },

    async render(
      engine: TemplateEngine,
      source: TemplateSource,
      data: Readonly<Record<string, unknown>>,
    ): Promise<TemplateSource> {
      const [subject = '', html = '', text = ''] = await ask({
        engine,
        parts: partsOf(source),
        data,
      })
      return {
        // A line break would end the header field.
        subject: source.subject === null ? null : subject.replace(/\s+/g, ' ').trim(),
        html: source.html === null ? null : html,
        text: source.text === null ? null : text,
      }
    },

    async close(): Promise<void> {
      await Promise.all([thread.close(), slowThread.close()])
    },
  }
}

/** Without the data: a template that loops for some of it is slow for all. */
function nameOf({ engine, parts }: RenderOrder): string {
  return hash('sha256', JSON.stringify([engine, parts]), 'base64')
}

function unavailable(): Fault {
  return new Fault('overloaded', 'Too many templates wait to be rendered. Try again in a moment.')
}
