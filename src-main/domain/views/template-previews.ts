import type { Preview, PreviewRequest } from '../../contract/templates.ts'
import type { Caller } from '../auth/caller.ts'
import { missingVariables } from '../templates/render-template.ts'
import type { Renderer } from '../templates/rendering.ts'
import type { Views } from './views.ts'

export type TemplatePreviews = ReturnType<typeof createTemplatePreviews>

/** Renders an unsaved template, within the same limits as a send. */
export function createTemplatePreviews({ renderer, views }: { renderer: Renderer; views: Views }) {
  return {
    async preview(
      caller: Caller,
      { remote_content: remote, ...request }: PreviewRequest,
    ): Promise<Preview> {
      const { engine, subject, html, text, data, variables } = request
      const rendered = await renderer.renderWhole(
        { caller, purpose: 'preview' },
        engine,
        { subject, html, text },
        data,
      )
      return {
        ...rendered,
        missing_variables: missingVariables(data, variables),
        view: rendered.html === null ? null : views.show(rendered.html, remote),
      }
    },
  }
}
