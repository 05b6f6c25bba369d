import { RotateCcw } from 'lucide-react'
import { useId, useState } from 'react'
import { type AlertRule, alertRules } from '../../../src-main/contract/alerts.ts'
import { changeAlertRule } from '../../app/alerts.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { settingName } from './alert-details.ts'
import { usageLabels } from './labels.ts'

type Settings = AlertRule['settings']

/** A rule as a sentence with input fields for its settings, and a switch. */
export function RuleRow({ rule: { rule, summary, settings, is_default } }: { rule: AlertRule }) {
  const id = useId()
  const [draft, setDraft] = useState<Readonly<Record<string, string>>>({})
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const sentence: readonly string[] = usageLabels.ruleSentences[rule]
  const isOn = settings.enabled === true
  const changed = Object.entries(draft).filter(([name, text]) => text !== String(settings[name]))

  async function save(change: Settings | null, done?: () => void) {
    setBusy(true)
    setError(null)
    try {
      await changeAlertRule(rule, change)
      setDraft({})
      done?.()
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause))
    } finally {
      setBusy(false)
    }
  }

  /** The toast can undo the reset. */
  async function reset() {
    const before = settings
    await save(null, () =>
      toast(usageLabels.rules.resetDone(summary), {
        action: {
          label: usageLabels.undo,
          run: () => void changeAlertRule(rule, before).catch(toastFailure),
        },
      }),
    )
  }

  function submit() {
    const numbers = Object.fromEntries(changed.map(([name, text]) => [name, Number(text)]))
    const parsed = alertRules[rule].settings.partial().safeParse(numbers)
    if (parsed.success) void save(numbers)
    else
      setError(usageLabels.rules.outOfRange(settingName(String(parsed.error.issues[0]?.path[0]))))
  }

  return (
    <li className="px-4 py-3">
      <form
        aria-labelledby={`${id}-name`}
        className="flex items-start gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <span className="pt-0.5">
          <Switch
            id={`${id}-on`}
            checked={isOn}
            disabled={busy}
            onChange={(enabled) => void save({ enabled })}
          />
        </span>
        <div className="min-w-0 flex-1">
          <label id={`${id}-name`} htmlFor={`${id}-on`} className="font-medium">
            {summary}
          </label>
          <p
            className={`flex min-h-7 flex-wrap items-center gap-x-1.5 gap-y-1 ${isOn ? 'text-ink-muted' : 'text-ink-faint'}`}
          >
            {sentence.map((part) => {
              const name = /^\{(\w+)\}$/.exec(part)?.[1]
              if (name === undefined) return <span key={part}>{part}</span>
              return (
                <input
                  key={part}
                  aria-label={settingName(name)}
                  inputMode="decimal"
                  disabled={!isOn}
                  value={draft[name] ?? String(settings[name])}
                  onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
                  className="figures h-6 w-14 rounded-sm border border-line-strong bg-canvas px-1.5 text-right text-ink disabled:opacity-60"
                />
              )
            })}
          </p>
          {error && (
            <p role="alert" className="mt-1 text-danger-ink text-sm">
              {error}
            </p>
          )}
        </div>
        {changed.length > 0 && (
          <Button type="submit" look="primary" busy={busy}>
            {usageLabels.save}
          </Button>
        )}
        {changed.length === 0 && !is_default && (
          <IconButton icon={RotateCcw} label={usageLabels.rules.reset} onClick={reset} />
        )}
      </form>
    </li>
  )
}
