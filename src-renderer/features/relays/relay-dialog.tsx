import { CircleAlert } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Relay } from '../../../src-main/contract/relays.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { Note } from '../../ui/notice.tsx'
import { toast } from '../../ui/toasts.tsx'
import { presetOf } from './presets.ts'
import { formOf, type Problems, type RelayForm, readForm, type Step, steps } from './relay-form.ts'
import { endTask, saveRelay, type TestResult, testDraft } from './relays-store.ts'
import { TestOutcome } from './smtp-transcript.tsx'
import { StepThen } from './step-options.tsx'
import { StepWhere } from './step-server.tsx'
import { StepHow } from './step-sign-in.tsx'

const stepNames: Readonly<Record<Step, string>> = { where: 'Where', how: 'How', use: 'Then' }

/** Three questions: where the server is, how to sign in, and what it is used for. */
export function RelayDialog({ relay }: { relay: Relay | null }) {
  const [form, setForm] = useState(() => formOf(relay))
  const [presetId, setPresetId] = useState(() => presetOf(relay?.host ?? '')?.id ?? 'own')
  const [step, setStep] = useState<Step>('where')
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
  const at = steps.indexOf(step)
  const isLast = at === steps.length - 1

  /** Goes on only from a step that is right; backwards is always open. */
  function goTo(target: Step) {
    const read = readForm(form, relay)
    const stuckAt = 'problems' in read ? steps.indexOf(read.step) : steps.length
    const wanted = steps.indexOf(target)
    if (wanted > at && stuckAt < wanted && 'problems' in read) {
      setProblems(read.problems)
      setStep(read.step)
      return
    }
    setProblems({})
    setStep(target)
  }

  async function tryIt() {
    const read = readForm(form, relay)
    if ('problems' in read && read.step !== 'use') {
      setProblems(read.problems)
      setStep(read.step)
      return
    }
    // What the last step asks for is not needed to connect.
    const tried = 'body' in read ? read : readForm({ ...form, ...restOf(relay) }, relay)
    if (!('body' in tried)) return
    setTest({ status: 'running' })
    setTest(await testDraft(relay, tried.body))
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    const next = steps[at + 1]
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
      toast(relay ? 'Relay changed' : 'Relay added')
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
      title={relay ? `Edit “${relay.name}”` : 'Add relay'}
      width="wide"
    >
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-1 flex-col">
        <StepBar step={step} onGo={goTo} />
        <DialogBody>
          {step === 'where' && <StepWhere {...parts} presetId={presetId} onPreset={setPresetId} />}
          {step === 'how' && <StepHow {...parts} relay={relay} presetId={presetId} />}
          {step === 'use' && <StepThen {...parts} relay={relay} />}
          {step !== 'where' && <TestOutcome result={test} />}
          {refusal && (
            <div role="alert">
              <Note tone="danger" icon={CircleAlert}>
                {refusal}
              </Note>
            </div>
          )}
        </DialogBody>
        <DialogFooter>
          {step !== 'where' && (
            <Button onClick={tryIt} busy={test?.status === 'running'} className="mr-auto">
              {test?.status === 'running' ? 'Testing…' : 'Test connection'}
            </Button>
          )}
          {at === 0 ? (
            <Button onClick={endTask}>Cancel</Button>
          ) : (
            <Button onClick={() => goTo(steps[at - 1] ?? 'where')}>Back</Button>
          )}
          <Button type="submit" look="primary" busy={busy}>
            {isLast ? (relay ? 'Save' : 'Add relay') : 'Continue'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

/** The last step as it is saved, or empty: nothing in it can be wrong. */
function restOf(relay: Relay | null): Partial<RelayForm> {
  const { priority, dailyLimit, signs, dkimDomain, dkimSelector, dkimKey } = formOf(relay)
  return { priority, dailyLimit, signs, dkimDomain, dkimSelector, dkimKey }
}

function StepBar({ step, onGo }: { step: Step; onGo: (step: Step) => void }) {
  return (
    <ol aria-label="Steps of this form" className="mb-2 flex gap-1 border-line border-b px-5 pb-3">
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
              {stepNames[one]}
            </button>
          </li>
        )
      })}
    </ol>
  )
}
