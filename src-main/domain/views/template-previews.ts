import type { Preview, PreviewRequest } from '../../contract/templates.ts'
import { htmlToText } from '../../html/body.ts'
import type { Renderer } from '../templates/rendering.ts'
import { missingFrom } from '../templates/templates.ts'
import type { Views } from './views.ts'

export type TemplatePreviews = ReturnType<typeof createTemplatePreviews>

/** Renders what is still being written, on the same thread and within the same limits as a send. */
export function createTemplatePreviews({ renderer, views }: { renderer: Renderer; views: Views }) {
  return {
    async preview({ remote_content: remote, ...request }: PreviewRequest): Promise<Preview> {
      const { engine, subject, html, text, data, variables } = request
      const made = await renderer.render(engine, { subject, html, text }, data)
      return {
        subject: made.subject ?? '',
        html: made.html,
        text: made.text ?? htmlToText(made.html ?? ''),
        missing_variables: missingFrom(data, variables),
        view: made.html === null ? null : views.hold(made.html, remote),
      }
    },
  }
}
