import { z } from 'zod'
import {
  type Template,
  TemplateData,
  TemplateVariables,
  type TemplateVersion,
} from '../../../contract/templates.ts'
import { Flag, Page, trimmed } from '../../../contract/wire.ts'
import type { Caller } from '../../../domain/auth/caller.ts'
import type { Domain } from '../../../domain/domain.ts'
import { route } from '../../route.ts'

const Id = z.object({ id: z.string().max(255).describe('Whole number; a name is taken too') })
const Version = Id.extend({ n: z.coerce.number().int().min(1) })

const fields = {
  name: trimmed(255),
  subject: z.string().max(998),
  content: z
    .string()
    .min(1)
    .max(500_000)
    .describe('HTML in Jinja2’s syntax: {{ x }}, {% if %}, {% for %}, filters, macros')
    .meta({ example: '<p>Hello {{ name }}</p>' }),
  plain_text: z.string().max(500_000).nullable(),
  description: z.string().max(1000).nullable(),
  variables: TemplateVariables,
  is_active: z.boolean(),
}

const NewTemplate = z.object({
  ...fields,
  subject: fields.subject.default(''),
  plain_text: fields.plain_text.default(null),
  description: fields.description.default(null),
  variables: fields.variables.default([]),
  is_active: fields.is_active.default(true),
})

const Change = z.object(fields).partial()

const Summary = z.object({
  id: z.int(),
  name: z.string(),
  subject: z.string(),
  description: z.string().nullable(),
  is_active: z.boolean(),
  version: z.int(),
  created_at: z.string(),
  updated_at: z.string(),
})

const Whole = z.object({
  template: Summary.extend({
    content: z.string(),
    plain_text: z.string().nullable(),
    variables: z.array(z.string()),
  }),
})

const VersionShape = z.object({
  version: z.int(),
  subject: z.string(),
  content: z.string(),
  plain_text: z.string().nullable(),
  variables: z.array(z.string()),
  created_at: z.string(),
  is_current: z.boolean(),
})

const Listed = z.object({
  templates: z.array(Summary),
  pagination: z.object({ page: z.int(), per_page: z.int(), total: z.int(), pages: z.int() }),
})

/** MailSage's templates, in Jinja2's syntax. */
export const templateRoutes = {
  'POST /api/v1/templates': route({
    summary: 'Create a template',
    permission: 'templates:write',
    mode: 'both',
    body: NewTemplate,
    reply: Whole,
    status: 201,
    faults: ['invalid_template', 'template_error', 'conflict'],
    handle: async ({ body, caller, domain }) => {
      const { content: html, plain_text: text, is_active: active, ...rest } = body
      const made = { ...rest, html, text, active, engine: 'jinja' as const }
      return whole(await domain.templates.create(caller, made), caller, domain)
    },
  }),
  'GET /api/v1/templates': route({
    summary: 'List templates, newest first',
    permission: 'templates:read',
    mode: 'both',
    query: z.object({
      page: Page,
      per_page: z.coerce.number().int().min(1).max(100).default(20),
      search: z.string().max(255).optional(),
      is_active: Flag.optional(),
    }),
    reply: Listed,
    handle: ({ query, caller, domain }) => {
      const { page, per_page: limit, search, is_active: active } = query
      const { data, pagination } = domain.templates.list(caller, { page, limit, search, active })
      const { total } = pagination
      return {
        templates: data.map((template) => summary(template, caller, domain)),
        pagination: { page, per_page: limit, total, pages: Math.ceil(total / limit) },
      }
    },
  }),
  'GET /api/v1/templates/{id}': route({
    summary: 'One template',
    permission: 'templates:read',
    mode: 'both',
    params: Id,
    reply: Whole,
    faults: ['template_not_found'],
    handle: ({ params, caller, domain }) =>
      whole(domain.templates.get(caller, params.id), caller, domain),
  }),
  'PUT /api/v1/templates/{id}': route({
    summary:
      'Change a template; fields left out stay. A test key changes only templates that no live key saved',
    permission: 'templates:write',
    mode: 'both',
    params: Id,
    body: Change,
    reply: Whole,
    faults: ['template_not_found', 'invalid_template', 'template_error', 'conflict'],
    handle: async ({ params, body, caller, domain }) => {
      const { content: html, plain_text: text, is_active: active, ...rest } = body
      const change = { ...rest, html, text, active }
      return whole(await domain.templates.update(caller, params.id, change), caller, domain)
    },
  }),
  'DELETE /api/v1/templates/{id}': route({
    summary:
      'Delete a template; one that was used is archived. A test key deletes only templates that no live key saved',
    permission: 'templates:write',
    mode: 'both',
    params: Id,
    reply: z.object({ message: z.string() }),
    faults: ['template_not_found'],
    handle: async ({ params, caller, domain }) => {
      await domain.templates.remove(caller, params.id)
      return { message: 'Template deleted successfully' }
    },
  }),
  'POST /api/v1/templates/{id}/test': route({
    summary: 'Render a template without sending it',
    permission: 'templates:read',
    mode: 'both',
    params: Id,
    body: z.object({ variables: TemplateData.default({}) }).prefault({}),
    reply: z.object({ subject: z.string(), content: z.string(), plain_text: z.string() }),
    faults: ['template_not_found', 'template_variable_error', 'template_error'],
    handle: async ({ params, body, caller, domain }) => {
      const { subject, html, text } = await domain.templates.test(caller, params.id, body.variables)
      return { subject, content: html ?? '', plain_text: text }
    },
  }),
  'GET /api/v1/templates/{id}/versions': route({
    summary: 'Every version of a template, the current one first',
    permission: 'templates:read',
    mode: 'both',
    params: Id,
    reply: z.object({ versions: z.array(VersionShape), total_versions: z.int() }),
    faults: ['template_not_found'],
    handle: ({ params, caller, domain }) => {
      const versions = domain.templates.versions(caller, params.id).map(version)
      return { versions, total_versions: versions.length }
    },
  }),
  'GET /api/v1/templates/{id}/versions/{n}': route({
    summary: 'One version of a template',
    permission: 'templates:read',
    mode: 'both',
    params: Version,
    reply: VersionShape,
    faults: ['template_not_found', 'not_found'],
    handle: ({ params, caller, domain }) =>
      version(domain.templates.version(caller, params.id, params.n)),
  }),
  'GET /api/v1/templates/{id}/versions/compare': route({
    summary: 'Two versions of a template side by side',
    permission: 'templates:read',
    mode: 'both',
    params: Id,
    query: z.object({
      version1: z.coerce.number().int().min(1),
      version2: z.coerce.number().int().min(1),
    }),
    reply: z.object({
      version1: VersionShape,
      version2: VersionShape,
      template_name: z.string(),
      current_version: z.int(),
    }),
    faults: ['template_not_found', 'not_found'],
    handle: ({ params, query, caller, domain }) => {
      const { name, version: current } = domain.templates.get(caller, params.id)
      return {
        version1: version(domain.templates.version(caller, params.id, query.version1)),
        version2: version(domain.templates.version(caller, params.id, query.version2)),
        template_name: name,
        current_version: current,
      }
    },
  }),
  'POST /api/v1/templates/{id}/versions/{n}/revert': route({
    summary: 'Make an old version the newest one again',
    permission: 'templates:write',
    mode: 'both',
    params: Version,
    reply: Whole,
    faults: ['template_not_found', 'not_found', 'template_error'],
    handle: async ({ params, caller, domain }) =>
      whole(await domain.templates.revert(caller, params.id, params.n), caller, domain),
  }),
}

function summary(template: Template, caller: Caller, domain: Domain) {
  return {
    id: domain.templates.rowId(caller, template.id),
    name: template.name,
    subject: template.subject,
    description: template.description,
    is_active: template.active,
    version: template.version,
    created_at: template.created_at,
    updated_at: template.updated_at,
  }
}

function whole(template: Template, caller: Caller, domain: Domain) {
  return {
    template: {
      ...summary(template, caller, domain),
      content: template.html ?? '',
      plain_text: template.text,
      variables: template.variables,
    },
  }
}

function version({ html, text, engine: _engine, ...rest }: TemplateVersion) {
  return { ...rest, content: html ?? '', plain_text: text }
}
