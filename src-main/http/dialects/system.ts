import { z } from 'zod'
import { ViewRequest } from '../../contract/messages.ts'
import { Health } from '../../contract/settings.ts'
import { chunkedPage } from '../chunked-page.ts'
import { docs, docsFile, docsFiles, docsPages, guide, isGuide } from '../docs.ts'
import { openApi } from '../openapi.ts'
import { Content, type Dialect, produces, route } from '../route.ts'
import { mailsage } from './mailsage.ts'
import { native, nativeError } from './native.ts'

const Ticket = z.object({ ticket: z.string().max(256) })

const systemRoutes = {
  'GET /health': route({
    summary: 'Health of the server',
    permission: 'public',
    mode: 'both',
    reply: Health,
    alternative: {
      status: 503,
      description: 'Mail cannot be stored; `reason` says why',
      applies: ({ status }) => status === 'failing',
    },
    handle: ({ domain }) => domain.health(),
  }),
  'GET /metrics': route({
    summary: 'Figures for Prometheus; from another machine with a key that has `usage:read`',
    permission: 'public',
    mode: 'both',
    reply: produces('text/plain'),
    faults: [
      'missing_api_key',
      'invalid_api_key',
      'expired_api_key',
      'insufficient_permissions',
      'address_not_allowed',
      'rate_limit_exceeded',
      'too_many_wrong_keys',
    ],
    handle: ({ exchange, domain }) => {
      domain.metrics.authorize(exchange.header('authorization'), exchange.address)
      return new Content('text/plain; version=0.0.4; charset=utf-8', domain.metrics.text(), {
        'cache-control': 'no-store',
      })
    },
  }),
  'GET /openapi.json': route({
    summary: 'This document: OpenAPI 3.1, made from the route tables',
    permission: 'public',
    mode: 'both',
    reply: z.record(z.string(), z.unknown()),
    handle: ({ domain, exchange }) =>
      openApi([native, mailsage, system], domain.version, exchange.header('accept-encoding')),
  }),
  'GET /openapi/native.json': route({
    summary: 'The native dialect alone',
    permission: 'public',
    mode: 'both',
    reply: z.record(z.string(), z.unknown()),
    handle: ({ domain, exchange }) =>
      openApi([native], domain.version, exchange.header('accept-encoding')),
  }),
  'GET /openapi/mailsage.json': route({
    summary: 'The MailSage dialect alone',
    permission: 'public',
    mode: 'both',
    reply: z.record(z.string(), z.unknown()),
    handle: ({ domain, exchange }) =>
      openApi([mailsage], domain.version, exchange.header('accept-encoding')),
  }),
  'GET /docs': route({
    summary: 'Documentation page to read and try the API',
    permission: 'public',
    mode: 'both',
    query: z.object({ api: z.enum(['all', 'native', 'mailsage']).default('all') }),
    reply: produces('text/html'),
    handle: ({ query, exchange }) => docs(query.api, exchange.header('accept-encoding')),
  }),
  'GET /docs/{file}': route({
    summary: 'A guide, such as `/docs/sending`, or a file of the documentation page',
    permission: 'public',
    mode: 'both',
    params: z.object({ file: z.union([z.enum(docsFiles), z.enum(docsPages)]) }),
    reply: produces('*/*'),
    handle: ({ params: { file }, exchange }) => {
      const acceptEncoding = exchange.header('accept-encoding')
      return isGuide(file) ? guide(file, acceptEncoding) : docsFile(file, acceptEncoding)
    },
  }),
  'GET /view/{ticket}': route({
    summary: 'The HTML of a message, for a frame; `POST /v1/inbox/{id}/view` returns the URL',
    permission: 'public',
    mode: 'both',
    params: Ticket,
    query: ViewRequest.pick({ highlight: true }),
    reply: produces('text/html'),
    faults: ['not_found', 'message_unreadable'],
    handle: async ({ params, query, domain }) => {
      const { html, policy } = await domain.views.page(params.ticket, query.highlight)
      return new Content('text/html; charset=utf-8', chunkedPage(html), {
        'content-security-policy': policy,
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        // Stops DNS lookups of link hosts before a click.
        'x-dns-prefetch-control': 'off',
      })
    },
  }),
  'GET /view/{ticket}/parts/{n}': route({
    summary: 'An inline image of a rendered message',
    permission: 'public',
    mode: 'both',
    params: Ticket.extend({ n: z.coerce.number().int().min(0) }),
    reply: produces('*/*'),
    faults: ['not_found', 'message_unreadable'],
    handle: async ({ params, domain }) => {
      const { contentType, bytes } = await domain.views.part(params.ticket, params.n)
      return new Content(contentType, bytes, {
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': 'no-store',
      })
    },
  }),
  'GET /view/{ticket}/raw': route({
    summary: 'A message to save; `POST /v1/inbox/{id}/download` returns the URL',
    permission: 'public',
    mode: 'both',
    params: Ticket,
    reply: produces('message/rfc822'),
    faults: ['not_found'],
    handle: async ({ params, domain }) => {
      const { messageId, bytes } = await domain.views.raw(params.ticket)
      return new Content('message/rfc822', bytes, {
        'content-disposition': `attachment; filename="${messageId}.eml"`,
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': 'no-store',
      })
    },
  }),
}

export type SystemRoutes = typeof systemRoutes

/** Routes outside the APIs: health, documentation, rendered messages. */
export const system: Dialect = {
  name: 'system',
  title: 'System',
  prefix: '',
  routes: systemRoutes,
  fault: nativeError,
}
