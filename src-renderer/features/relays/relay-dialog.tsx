import { CircleAlert } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Note } from '../../ui/notice.tsx'
import { toast } from '../../ui/toasts.tsx'
import { relaysLabels } from './labels.ts'
import { presetOf } from './presets.ts'
import { formOf, type Problems, type RelayForm, readForm, type Step, steps } from './relay-form.ts'
import { endTask, saveRelay, type TestResult, testDraft } from './relays-store.ts'
import { TestOutcome } from './smtp-transcript.tsx'
import { OptionsStep } from './step-options.tsx'
import { ServerStep } from './step-server.tsx'
import { SignInStep } from './step-sign-in.tsx'

/** Three steps: the server, the sign-in and the options. */
export function RelayDialog({ relay }: { relay: Relay | null }) {
  const [form, setForm] = useState(() => formOf(relay))
  const [presetId, setPresetId] = useState(() => presetOf(relay?.host ?? '')?.id ?? 'own')
  const [step, setStep] = useState<Step>('server')
  const [problems, setProblems] = useState<Problems>({})
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [test, setTest] = useState<TestResult | null>(null)
  const change = (part: Partial<RelayForm>) => {
    setForm((known) => ({ ...known, ...part }))
    setProblems((known) =>
      Object.fromEntries(Object.entries(known).filter(([name]) => !(name in part))),
    )
    setTest(null)
  }
  const index = steps.indexOf(step)
  const isLast = index === steps.length - 1

  /** Moves forward only from a valid step; moving back is always possible. */
  function goTo(target: Step) {
    const read = readForm(form, relay)
    const invalidAt = 'problems' in read ? steps.indexOf(read.step) : steps.length
    const targetIndex = steps.indexOf(target)
    if (targetIndex > index && invalidAt < targetIndex && 'problems' in read) {
      setProblems(read.problems)
      setStep(read.step)
      return
    }
    setProblems({})
    setStep(target)
  }

  async function runTest() {
    const read = readForm(form, relay)
    if ('problems' in read && read.step !== 'options') {
      setProblems(read.problems)
      setStep(read.step)
      return
    }
    // The test ignores the last step, so invalid options do not prevent it.
    const draft = 'body' in read ? read : readForm({ ...form, ...savedOptions(relay) }, relay)
    if (!('body' in draft)) return
    setTest({ status: 'running' })
    setTest(await testDraft(relay, draft.body))
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    const next = steps[index + 1]
    if (next) return goTo(next)
    const read = readForm(form, relay)
    setRefusal(null)
    if ('problems' in read) {
      setProblems(read.problems)
      setStep(read.step)
      return
    }
    setBusy(true)
    try {
      await saveRelay(relay, read.body)
      endTask()
      toast(relay ? relaysLabels.dialog.saved : relaysLabels.dialog.added)
    } catch (cause) {
      setRefusal(cause instanceof Error ? cause.message : String(cause))
      setBusy(false)
    }
  }

  const parts = { form, problems, onChange: change }
  return (
    <Dialog
      open
      onClose={endTask}
      title={relay ? relaysLabels.dialog.edit(relay.name) : relaysLabels.addRelay}
      width="wide"
    >
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-1 flex-col">
        <StepBar step={step} onGo={goTo} />
        <DialogBody>
          {step === 'server' && (
            <ServerStep {...parts} presetId={presetId} onPreset={setPresetId} />
          )}
          {step === 'signIn' && <SignInStep {...parts} relay={relay} presetId={presetId} />}
          {step === 'options' && <OptionsStep {...parts} relay={relay} />}
          {step !== 'server' && <TestOutcome result={test} />}
          {refusal && (
            <div role="alert">
              <Note tone="danger" icon={CircleAlert}>
                {refusal}
              </Note>
            </div>
          )}
        </DialogBody>
        <DialogFooter>
          {step !== 'server' && (
            <Button onClick={runTest} busy={test?.status === 'running'} className="mr-auto">
              {test?.status === 'running' ? relaysLabels.testing : relaysLabels.testConnection}
            </Button>
          )}
          {index === 0 ? (
            <Button onClick={endTask}>{relaysLabels.cancel}</Button>
          ) : (
            <Button onClick={() => goTo(steps[index - 1] ?? 'server')}>
              {relaysLabels.dialog.back}
            </Button>
          )}
          <Button type="submit" look="primary" busy={busy}>
            {isLast
              ? relay
                ? relaysLabels.dialog.save
                : relaysLabels.addRelay
              : relaysLabels.dialog.continue}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

/** The options as saved, or empty: always valid. */
function savedOptions(relay: Relay | null): Partial<RelayForm> {
  const { priority, dailyLimit, signs, dkimDomain, dkimSelector, dkimKey } = formOf(relay)
  return { priority, dailyLimit, signs, dkimDomain, dkimSelector, dkimKey }
}

function StepBar({ step, onGo }: { step: Step; onGo: (step: Step) => void }) {
  return (
    <ol
      aria-label={relaysLabels.dialog.steps}
      className="mb-2 flex gap-1 border-line border-b px-5 pb-3"
    >
      {steps.map((one, index) => {
        const isCurrent = one === step
        const isPast = index < steps.indexOf(step)
        return (
          <li key={one} className="flex-1">
            <button
              type="button"
              aria-current={isCurrent ? 'step' : undefined}
              onClick={() => onGo(one)}
              className={classes(
                'flex h-8 w-full items-center gap-2 rounded-md px-2 font-medium transition-colors',
                isCurrent ? 'bg-selected text-ink' : 'text-ink-muted hover:bg-hover',
              )}
            >
              <span
                className={classes(
                  'figures flex size-5 items-center justify-center rounded-full text-xs',
                  isCurrent || isPast ? 'bg-sage text-on-sage' : 'border border-control',
                )}
              >
                {index + 1}
              </span>
              {relaysLabels.steps[one]}
            </button>
          </li>
        )
      })}
    </ol>
  )
}
