import type { Settings } from '../../../src-main/contract/settings.ts'
import { keepLimits } from '../../../src-main/contract/storage.ts'
import { settingsLabels } from './labels.ts'

export type RetentionName = keyof typeof keepLimits

type RetentionField = {
  readonly name: RetentionName
  readonly label: string
  readonly note: string
  readonly unit: string
  readonly env: string
}

export const retentionFields: readonly RetentionField[] = [
  {
    name: 'keep_days',
    label: settingsLabels.retention.byAge,
    note: settingsLabels.retention.byAgeHint,
    unit: settingsLabels.retention.days,
    env: 'MAILSAGE_KEEP_DAYS',
  },
  {
    name: 'keep_messages',
    label: settingsLabels.retention.byNumber,
    note: settingsLabels.retention.byNumberHint,
    unit: settingsLabels.retention.messages,
    env: 'MAILSAGE_KEEP_MESSAGES',
  },
  {
    name: 'keep_log_days',
    label: settingsLabels.retention.log,
    note: settingsLabels.retention.logHint,
    unit: settingsLabels.retention.days,
    env: 'MAILSAGE_KEEP_LOG_DAYS',
  },
  {
    name: 'keep_webhook_log_days',
    label: settingsLabels.retention.webhookLog,
    note: settingsLabels.retention.webhookLogHint,
    unit: settingsLabels.retention.days,
    env: 'MAILSAGE_KEEP_WEBHOOK_LOG_DAYS',
  },
]

/** The changed values and the invalid ones. */
export function readRetention(
  typed: Partial<Record<RetentionName, string>>,
  facts: Pick<Settings, RetentionName>,
) {
  const change: Partial<Record<RetentionName, number>> = {}
  const problems: Partial<Record<RetentionName, string>> = {}
  for (const { name } of retentionFields) {
    const text = typed[name]
    if (text === undefined) continue
    const parsed = keepLimits[name].safeParse(text.trim() === '' ? undefined : Number(text))
    if (!parsed.success) problems[name] = settingsLabels.retention.invalid
    else if (parsed.data !== facts[name]) change[name] = parsed.data
  }
  return { change, problems }
}
