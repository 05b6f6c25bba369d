import { z } from 'zod'
import { Sent } from '../../../contract/messages.ts'
import {
  CaptureRequest,
  NewTemplate,
  Preview,
  PreviewRequest,
  Rendered,
  SampleName,
  Template,
  TemplateChange,
  TemplateData,
  TemplateList,
  TemplateQuery,
  TemplateSample,
  TemplateVersion,
} from '../../../contract/templates.ts'
import { route } from '../../route.ts'

const Id = z.object({ id: z.string().max(255).describe('Id or name') })
const Sample = Id.extend({ name: SampleName })
const Version = Id.extend({ n: z.coerce.number().int().min(1) })

/** SelfMX's templates, with versions. */
export const templateRoutes = {
  'POST /v1/templates': route({
    summary: 'Create a template: Handlebars, or Jinja2’s syntax with `"engine": "jinja"`',
    permission: 'templates:write',
    mode: 'both',
    body: NewTemplate,
    reply: Template,
    status: 201,
    faults: ['invalid_template', 'template_error', 'conflict'],
    handle: ({ body, caller, domain }) => domain.templates.create(caller, body),
  }),
  'GET /v1/templates': route({
    summary: 'List templates, newest first',
    permission: 'templates:read',
    mode: 'both',
    query: TemplateQuery,
    reply: TemplateList,
    handle: ({ query, caller, domain }) => domain.templates.list(caller, query),
  }),
  'GET /v1/templates/{id}': route({
    summary: 'One template',
    permission: 'templates:read',
    mode: 'both',
    params: Id,
    reply: Template,
    faults: ['template_not_found'],
    handle: ({ params, caller, domain }) => domain.templates.get(caller, params.id),
  }),
  'PUT /v1/templates/{id}': route({
    summary:
      'Change a template; omitted fields stay unchanged, and new content creates a version. A test key changes only templates that no live key saved',
    permission: 'templates:write',
    mode: 'both',
    params: Id,
    body: TemplateChange,
    reply: Template,
    faults: ['template_not_found', 'invalid_template', 'template_error', 'conflict'],
    handle: ({ params, body, caller, domain }) => domain.templates.update(caller, params.id, body),
  }),
  'DELETE /v1/templates/{id}': route({
    summary:
      'Delete a template; a used template is archived for its messages. A test key deletes only templates that no live key saved',
    permission: 'templates:write',
    mode: 'both',
    params: Id,
    reply: z.object({ id: z.string(), deleted: z.literal(true), archived: z.boolean() }),
    faults: ['template_not_found'],
    handle: ({ params, caller, domain }) => domain.templates.remove(caller, params.id),
  }),
  'POST /v1/templates/{id}/test': route({
    summary: 'Render a template without sending it',
    permission: 'templates:read',
    mode: 'both',
    params: Id,
    body: z.object({ variables: TemplateData.default({}) }).prefault({}),
    reply: Rendered,
    faults: ['template_not_found', 'template_variable_error', 'template_error'],
    handle: ({ params, body, caller, domain }) =>
      domain.templates.test(caller, params.id, body.variables),
  }),
  'GET /v1/templates/{id}/versions': route({
    summary: 'All versions of a template, newest first',
    permission: 'templates:read',
    mode: 'both',
    params: Id,
    reply: z.object({ data: z.array(TemplateVersion) }),
    faults: ['template_not_found'],
    handle: ({ params, caller, domain }) => ({
      data: domain.templates.versions(caller, params.id),
    }),
  }),
  'GET /v1/templates/{id}/versions/{n}': route({
    summary: 'One version of a template',
    permission: 'templates:read',
    mode: 'both',
    params: Version,
    reply: TemplateVersion,
    faults: ['template_not_found', 'not_found'],
    handle: ({ params, caller, domain }) => domain.templates.version(caller, params.id, params.n),
  }),
  'GET /v1/templates/{id}/compare': route({
    summary: 'Two versions of a template side by side',
    permission: 'templates:read',
    mode: 'both',
    params: Id,
    query: z.object({
      version1: z.coerce.number().int().min(1),
      version2: z.coerce.number().int().min(1),
    }),
    reply: z.object({ version1: TemplateVersion, version2: TemplateVersion }),
    faults: ['template_not_found', 'not_found'],
    handle: ({ params, query, caller, domain }) => ({
      version1: domain.templates.version(caller, params.id, query.version1),
      version2: domain.templates.version(caller, params.id, query.version2),
    }),
  }),
  'POST /v1/templates/{id}/versions/{n}/revert': route({
    summary:
      'Save an old version as the newest one. A test key changes only templates that no live key saved',
    permission: 'templates:write',
    mode: 'both',
    params: Version,
    reply: Template,
    faults: ['template_not_found', 'not_found', 'template_error'],
    handle: ({ params, caller, domain }) => domain.templates.revert(caller, params.id, params.n),
  }),
  'POST /v1/templates/preview': route({
    summary: 'Render an unsaved template, with a URL that shows it in a frame',
    permission: 'templates:read',
    mode: 'both',
    body: PreviewRequest,
    reply: Preview,
    faults: ['invalid_template', 'template_error'],
    handle: ({ body, caller, domain }) => domain.templatePreviews.preview(caller, body),
  }),
  'POST /v1/templates/{id}/capture': route({
    summary: 'Capture a rendered template in an inbox; it is never sent, even with a live key',
    permission: 'send',
    mode: 'test',
    params: Id,
    body: CaptureRequest,
    reply: Sent,
    status: 202,
    faults: [
      'daily_limit_exceeded',
      'template_not_found',
      'template_variable_error',
      'template_error',
    ],
    handle: async ({ params, body, caller, domain, exchange }) => {
      const { inbox, variables, ...mail } = body
      const request = { ...mail, template_id: params.id, template_data: variables }
      const sent = await domain.sending.capture(caller, request, inbox, exchange.requestId)
      return { ...sent, status: 'captured' as const }
    },
  }),
  'GET /v1/templates/{id}/samples': route({
    summary: 'The data sets for previews of a template',
    permission: 'templates:read',
    mode: 'both',
    params: Id,
    reply: z.object({ data: z.array(TemplateSample) }),
    faults: ['template_not_found'],
    handle: ({ params, caller, domain }) => ({
      data: domain.templateSamples.list(caller, params.id),
    }),
  }),
  'PUT /v1/templates/{id}/samples/{name}': route({
    summary: 'Save a data set by name; replaces the data set of this name',
    permission: 'templates:write',
    mode: 'both',
    params: Sample,
    body: z.object({ data: TemplateData }),
    reply: TemplateSample,
    faults: ['template_not_found', 'conflict'],
    handle: ({ params, body, caller, domain }) =>
      domain.templateSamples.put(caller, params.id, params.name, body.data),
  }),
  'DELETE /v1/templates/{id}/samples/{name}': route({
    summary: 'Delete a data set',
    permission: 'templates:write',
    mode: 'both',
    params: Sample,
    reply: z.object({ name: z.string(), deleted: z.literal(true) }),
    faults: ['template_not_found', 'not_found'],
    handle: ({ params, caller, domain }) =>
      domain.templateSamples.remove(caller, params.id, params.name),
  }),
}
