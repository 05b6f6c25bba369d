import {
  type AlertRule,
  type AlertRuleName,
  type AlertRulesChange,
  alertRuleNames,
  alertRules,
  type RuleSettings,
} from '../../contract/alerts.ts'
import type { CommitQueue } from '../../storage/commit-queue.ts'
import type { Database } from '../../storage/database.ts'
import type { LiveCaller } from '../auth/caller.ts'

export type AlertRuleSettings = ReturnType<typeof createRuleSettings>

/** The settings of the rules: the defaults with the stored changes. */
export function createRuleSettings(database: Database, queue: CommitQueue) {
  const select = database.prepare<[], { rule: AlertRuleName; settings: string }>(
    'SELECT rule, settings FROM alert_rules',
  )
  const save = database.prepare<[string, string]>(`
    INSERT INTO alert_rules (rule, settings) VALUES (?, ?)
    ON CONFLICT (rule) DO UPDATE SET settings = excluded.settings
  `)
  const remove = database.prepare<[string]>('DELETE FROM alert_rules WHERE rule = ?')

  let changed = new Map(
    select.all().map(({ rule, settings }) => [rule, JSON.parse(settings) as object]),
  )
  let current = withDefaults(changed)

  return {
    current: (): RuleSettings => current,

    list: (): AlertRule[] =>
      alertRuleNames.map((rule) => ({
        rule,
        summary: alertRules[rule].summary,
        settings: { ...current[rule] },
        is_default: !changed.has(rule),
      })),

    /** Null resets a rule to its defaults. */
    async change(caller: LiveCaller, change: AlertRulesChange): Promise<void> {
      const next = new Map(changed)
      const named = alertRuleNames.filter((rule) => change[rule] !== undefined)
      for (const rule of named) {
        const settings = change[rule]
        if (settings === null) next.delete(rule)
        else next.set(rule, { ...next.get(rule), ...settings })
      }
      await queue.write((transaction) => {
        for (const rule of named) {
          const settings = next.get(rule)
          if (settings) save.run(rule, JSON.stringify(settings))
          else remove.run(rule)
        }
        transaction.append({
          type: 'alert.rules_updated',
          data: { changed: named, by: caller.publicId },
        })
      })
      changed = next
      current = withDefaults(next)
    },
  }
}

function withDefaults(changed: ReadonlyMap<AlertRuleName, object>): RuleSettings {
  return Object.fromEntries(
    alertRuleNames.map((rule) => [rule, { ...alertRules[rule].defaults, ...changed.get(rule) }]),
  ) as RuleSettings
}
