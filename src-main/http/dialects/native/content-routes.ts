import { MessageHeaders, MessageView, ViewRequest } from '../../../contract/messages.ts'
import type { Permission } from '../../../contract/permissions.ts'
import type { Domain } from '../../../domain/domain.ts'
import type { StoredContent } from '../../../domain/reading/message-contents.ts'
import { type CallerOf, Content, produces, route } from '../../route.ts'
import { asFile } from './files.ts'
import { Id, Numbered } from './shapes.ts'

const plainText = 'text/plain; charset=utf-8'

type ContentRoutes<A extends Permission, M extends 'live' | 'test'> = {
  readonly permission: A
  readonly mode: M
  readonly summaries: Readonly<Record<'raw' | 'headers' | 'text' | 'attachment' | 'view', string>>
  /** Refuses a message that the caller may not read. */
  readonly contentOf: (domain: Domain, caller: CallerOf<A, M>, id: string) => StoredContent
}

/** The routes that return the content of one message, of the inbox or of the outbox. */
export function contentRoutes<A extends Permission, M extends 'live' | 'test'>({
  permission,
  mode,
  summaries,
  contentOf,
}: ContentRoutes<A, M>) {
  return {
    raw: route({
      summary: summaries.raw,
      permission,
      mode,
      params: Id,
      reply: produces('message/rfc822'),
      faults: ['not_found'],
      handle: async ({ params, caller, domain }) =>
        new Content('message/rfc822', await contentOf(domain, caller, params.id).raw(), {
          'content-disposition': `attachment; filename="${params.id}.eml"`,
        }),
    }),
    headers: route({
      summary: summaries.headers,
      permission,
      mode,
      params: Id,
      reply: MessageHeaders,
      faults: ['not_found'],
      handle: async ({ params, caller, domain }) => ({
        data: await contentOf(domain, caller, params.id).headers(),
      }),
    }),
    text: route({
      summary: summaries.text,
      permission,
      mode,
      params: Id,
      reply: produces(plainText),
      faults: ['not_found', 'message_unreadable'],
      handle: async ({ params, caller, domain }) =>
        new Content(plainText, await contentOf(domain, caller, params.id).text()),
    }),
    attachment: route({
      summary: summaries.attachment,
      permission,
      mode,
      params: Numbered,
      reply: produces('*/*'),
      faults: ['not_found', 'message_unreadable'],
      handle: async ({ params, caller, domain }) =>
        asFile(await contentOf(domain, caller, params.id).attachment(params.n)),
    }),
    view: route({
      summary: summaries.view,
      permission,
      mode,
      params: Id,
      body: ViewRequest.prefault({}),
      reply: MessageView,
      faults: ['not_found', 'message_unreadable'],
      handle: async ({ params, body, caller, domain }) =>
        domain.views.of(contentOf(domain, caller, params.id), params.id, body),
    }),
  }
}
