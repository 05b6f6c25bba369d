import { create } from 'zustand'
import type { Template } from '../../../src-main/contract/templates.ts'
import { request } from '../../app/request.ts'
import { toast, toastFailure } from '../../ui/toasts.tsx'
import { templatesLabels } from './labels.ts'
import { sampleFor } from './sample-data.ts'
import { variablesOf } from './template-variables.ts'

type Sample = { readonly name: string; readonly text: string; readonly stored: string | null }

type SampleState = {
  readonly templateId: string | null
  readonly samples: readonly Sample[]
  readonly chosen: string
  /** The last valid data of the selected set. */
  readonly data: Readonly<Record<string, unknown>>
  readonly error: string | null
}

const firstName = templatesLabels.samples.firstName

export const useSamples = create<SampleState>(() => ({
  templateId: null,
  samples: [],
  chosen: firstName,
  data: {},
  error: null,
}))

const chosenKey = (id: string): string => `mailsage.sample.${id}`

/** Loads the data sets of a template; without one, builds a set from its variables. */
export async function loadSamples(template: Template): Promise<void> {
  const { id, engine, subject, html, text, variables } = template
  const generated = write(
    sampleFor(variables, variablesOf(engine, `${subject}\n${html ?? ''}\n${text ?? ''}`)),
  )
  useSamples.setState({ templateId: id, samples: [], chosen: firstName, data: {}, error: null })
  let stored: readonly Sample[] = []
  try {
    const { data } = await request('GET /v1/templates/{id}/samples', { params: { id } })
    stored = data.map((sample) => {
      const json = write(sample.data)
      return { name: sample.name, text: json, stored: json }
    })
  } catch (cause) {
    toastFailure(cause)
  }
  if (useSamples.getState().templateId !== id) return
  const samples = stored.length > 0 ? stored : [{ name: firstName, text: generated, stored: null }]
  const last = localStorage.getItem(chosenKey(id))
  useSamples.setState({ samples })
  chooseSample(samples.find(({ name }) => name === last)?.name ?? samples[0]?.name ?? firstName)
}

export function chooseSample(name: string): void {
  const { samples, templateId } = useSamples.getState()
  const sample = samples.find((one) => one.name === name)
  if (!sample) return
  if (templateId) localStorage.setItem(chosenKey(templateId), name)
  useSamples.setState({ chosen: name })
  applyText(sample.text)
}

export function editSample(text: string): void {
  const { chosen, samples } = useSamples.getState()
  useSamples.setState({
    samples: samples.map((sample) => (sample.name === chosen ? { ...sample, text } : sample)),
  })
  applyText(text)
}

function applyText(text: string): void {
  const read = readData(text)
  useSamples.setState('data' in read ? { data: read.data, error: null } : read)
}

function readData(
  text: string,
): { readonly data: Readonly<Record<string, unknown>> } | { readonly error: string } {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { data: { ...value } }
    }
    return { error: templatesLabels.samples.notObject }
  } catch (cause) {
    return { error: cause instanceof Error ? cause.message : templatesLabels.samples.notJson }
  }
}

export function isStored({ samples, chosen }: SampleState): boolean {
  return samples.some(({ name, text, stored }) => name === chosen && text === stored)
}

/** Saves the selected set on the server, under its own name or another. */
export async function saveSample(as?: string): Promise<boolean> {
  const { templateId: id, chosen, samples, error } = useSamples.getState()
  const sample = samples.find(({ name }) => name === chosen)
  if (!id || !sample) return false
  if (error !== null) {
    toast(templatesLabels.samples.invalidToast, { tone: 'failure' })
    return false
  }
  const name = as ?? chosen
  const read = readData(sample.text)
  if (!('data' in read)) return false
  try {
    await request('PUT /v1/templates/{id}/samples/{name}', {
      params: { id, name },
      body: { data: read.data },
    })
  } catch (cause) {
    toastFailure(cause)
    return false
  }
  const others = samples.filter((one) => one.name !== name)
  const kept = { name, text: sample.text, stored: sample.text }
  const next = [...others, kept].toSorted((a, b) => a.name.localeCompare(b.name))
  useSamples.setState({ samples: next })
  chooseSample(name)
  toast(templatesLabels.samples.savedToast(name), { id: 'sample' })
  return true
}

export async function removeSample(): Promise<void> {
  const { templateId: id, chosen, samples } = useSamples.getState()
  const sample = samples.find(({ name }) => name === chosen)
  if (!id || !sample) return
  try {
    if (sample.stored !== null) {
      const params = { id, name: chosen }
      await request('DELETE /v1/templates/{id}/samples/{name}', { params })
    }
    const rest = samples.filter(({ name }) => name !== chosen)
    const next = rest.length > 0 ? rest : [{ name: firstName, text: '{}', stored: null }]
    useSamples.setState({ samples: next })
    chooseSample(next[0]?.name ?? firstName)
    toast(templatesLabels.samples.deletedToast(chosen), {
      action: { label: templatesLabels.undo, run: () => void restoreSample(id, sample) },
    })
  } catch (cause) {
    toastFailure(cause)
  }
}

async function restoreSample(id: string, sample: Sample): Promise<void> {
  if (useSamples.getState().templateId !== id) return
  useSamples.setState(({ samples }) => ({
    samples: [...samples.filter(({ name }) => name !== sample.name), sample],
  }))
  chooseSample(sample.name)
  await saveSample()
}

const write = (data: unknown): string => JSON.stringify(data, null, 2)
