import { z } from 'zod'
import { Flag, InboxName, jsonObject, Limit, Page, Pagination, Timestamp, trimmed } from './wire.ts'

export const TemplateEngine = z.enum(['handlebars', 'jinja', 'liquid'])
export type TemplateEngine = z.infer<typeof TemplateEngine>

const maxTemplateLength = 500_000

export const TemplateVariables = z
  .array(
    z
      .string()
      .regex(/^[A-Za-z_][\w.-]{0,99}$/, 'must name a variable with letters, digits and _')
      .max(100),
  )
  .max(100)
  .describe('Required variables of every send')

const templateFields = {
  name: trimmed(255),
  subject: z.string().max(998),
  html: z.string().max(maxTemplateLength).nullable(),
  text: z.string().max(maxTemplateLength).nullable(),
  description: z.string().max(1000).nullable(),
  variables: TemplateVariables,
  active: z.boolean(),
}

/** For the OpenAPI document only. */
const contentRules = {
  anyOf: ['html', 'text'].map((name) => ({
    required: [name],
    properties: { [name]: { type: 'string' } },
  })),
}

export const NewTemplate = z
  .object({
    ...templateFields,
    html: templateFields.html.default(null),
    text: templateFields.text.default(null),
    description: templateFields.description.default(null),
    variables: templateFields.variables.default([]),
    active: templateFields.active.default(true),
    engine: TemplateEngine.default('handlebars'),
  })
  .meta(contentRules)
export type NewTemplate = z.infer<typeof NewTemplate>

export const TemplateChange = z.object({ ...templateFields, engine: TemplateEngine }).partial()
export type TemplateChange = z.infer<typeof TemplateChange>

export const Template = z
  .object({
    id: z.string().meta({ example: 'tmpl_01m801df1b6fjczwqpe9jy' }),
    ...templateFields,
    engine: TemplateEngine,
    version: z.int(),
    last_used_at: Timestamp.nullable().describe('To the minute'),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: 'Template' })
export type Template = z.infer<typeof Template>

export const TemplateQuery = z.object({
  page: Page,
  limit: Limit,
  search: z.string().max(255).optional().describe('Part of the name'),
  active: Flag.optional(),
})
export type TemplateQuery = z.infer<typeof TemplateQuery>

export const TemplateList = z.object({ data: z.array(Template), pagination: Pagination })

export const TemplateData = jsonObject(256 * 1024)

export const Rendered = z.object({
  subject: z.string(),
  html: z.string().nullable(),
  text: z.string().describe('Generated from the HTML if the template has no text'),
})
export type Rendered = z.infer<typeof Rendered>

export const TemplateVersion = z.object({
  version: z.int(),
  engine: TemplateEngine,
  subject: z.string(),
  html: z.string().nullable(),
  text: z.string().nullable(),
  variables: z.array(z.string()),
  created_at: Timestamp,
  is_current: z.boolean(),
})
export type TemplateVersion = z.infer<typeof TemplateVersion>

/** Content that need not be stored. */
export const PreviewRequest = z.object({
  engine: TemplateEngine.default('handlebars'),
  subject: templateFields.subject.default(''),
  html: templateFields.html.default(null),
  text: templateFields.text.default(null),
  variables: templateFields.variables.default([]),
  data: TemplateData.default({}),
  remote_content: z.boolean().default(false).describe('Allow remote content in the frame'),
})
export type PreviewRequest = z.infer<typeof PreviewRequest>

export const Preview = Rendered.extend({
  missing_variables: z.array(z.string()).describe('A send without these is refused'),
  view: z
    .object({ url: z.string(), remote_content: z.boolean() })
    .nullable()
    .describe('URL of the rendered HTML, valid for five minutes, without scripts'),
})
export type Preview = z.infer<typeof Preview>

export const SampleName = trimmed(100)

export const TemplateSample = z.object({
  name: z.string(),
  data: TemplateData,
  updated_at: Timestamp,
})
export type TemplateSample = z.infer<typeof TemplateSample>

export const CaptureRequest = z.object({
  from: z.string().max(998).meta({ format: 'mailbox' }),
  to: z.string().max(998).meta({ format: 'mailboxes' }),
  variables: TemplateData.default({}),
  inbox: InboxName.optional().describe('Default: the inbox of the key'),
})
export type CaptureRequest = z.infer<typeof CaptureRequest>
