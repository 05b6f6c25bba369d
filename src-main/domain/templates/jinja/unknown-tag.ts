import { JinjaProblem } from './problem.ts'

const noFiles =
  'A template cannot include another one: there is no “include”, “import” or “extends” in MailSage. Put its content here instead.'

/** The Jinja2 form of tags from other template languages. */
const hints: Readonly<Record<string, string>> = {
  include: noFiles,
  import: noFiles,
  from: noFiles,
  extends: noFiles,
  render: noFiles,
  layout: noFiles,
  assign: 'Write {% set name = value %}.',
  capture: 'Write {% set name %}…{% endset %}.',
  elsif: 'Write {% elif … %}.',
  elseif: 'Write {% elif … %}.',
  unless: 'Write {% if not … %}.',
  case: 'Write {% if … %}{% elif … %}{% endif %}.',
  comment: 'Write {# … #}.',
  do: 'Write {% set _ = … %}.',
  break:
    'Jinja2 has it only as an extension. Write a condition in the loop: {% for … in … if … %}.',
  continue: 'Jinja2 has it only as an extension. Write {% if … %} in the loop.',
}

export function unknownTag({ name, line }: { name: string; line: number }): JinjaProblem {
  const hint = Object.hasOwn(hints, name) ? hints[name] : undefined
  if (hint === noFiles) return new JinjaProblem(noFiles, line)
  const isEnd = /^(?:end|else$|elif$)/.test(name)
  const message = isEnd ? `“${name}” has no open block before it.` : `There is no tag “${name}”.`
  return new JinjaProblem([message, hint].filter(Boolean).join(' '), line)
}
