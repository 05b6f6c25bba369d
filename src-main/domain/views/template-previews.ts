import type { Preview, PreviewRequest } from '../../contract/templates.ts'
import type { Caller } from '../auth/caller.ts'
import type { Renderer } from '../templates/rendering.ts'
import { missingFrom } from '../templates/templates.ts'
import type { Views } from './views.ts'

export type TemplatePreviews = ReturnType<typeof createTemplatePreviews>

/** Renders what is still being written, within the same limits as a send. */
export function createTemplatePreviews({ renderer, views }: { renderer: Renderer; views: Views }) {
  return {
    async preview(
      caller: Caller,
      { remote_content: remote, ...request }: PreviewRequest,
    ): Promise<Preview> {
      const { engine, subject, html, text, data, variables } = request
      const made = await renderer.renderWhole(
        { caller, purpose: 'preview' },
        engine,
        { subject, html, text },
        data,
      )
      return {
        ...made,
        missing_variables: missingFrom(data, variables),
        view: made.html === null ? null : views.hold(made.html, remote),
      }
    },
  }
}
