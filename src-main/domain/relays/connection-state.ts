import type { RelayStep } from '../../contract/relays.ts'

/** Messages under way at one relay. */
export const maxSlots = 10
const firstPauseMs = 5000
const maxPauseMs = 5 * 60_000
/** So many 4xx refusals in a row mean trouble of the relay rather than of the messages. */
const maxRefusals = 20
const shrunkForMs = 60_000
/** After so long without mail a relay gets one message before it gets many. */
const knownForMs = 60_000

/** The failed step of a connection, with the reply of the relay or a sentence of ours. */
export type Trouble = {
  readonly step: RelayStep
  readonly timedOut: boolean
  readonly reply: string
}

/** The result of one message at a relay. `unused`: the relay was not used. */
export type SlotEnd =
  | { readonly type: 'answered' }
  | { readonly type: 'checked' }
  | {
      readonly type: 'refused_for_now'
      readonly reply: string
      /** The tenant of the message. */
      readonly tenantId: string | null
    }
  | { readonly type: 'trouble'; readonly trouble: Trouble }
  | { readonly type: 'unused' }

/** State of a relay by its last answers, in memory only. Times are those of `clock.elapsed`. */
export type ConnectionState =
  /** No message yet, at most a connection: one message at a time. */
  | { readonly type: 'untried'; readonly troubles: number }
  | { readonly type: 'answering'; readonly slots: number; readonly shrunkAt: number | null }
  /** Tried with one message after its pause; all other mail skips it. */
  | {
      readonly type: 'failing'
      readonly troubles: number
      readonly since: number
      readonly nextTryAt: number
      readonly trouble: Trouble | null
    }

/** A relay that failed before the restart is tried at once, with one message. */
export const stateAtStart = (hasFailed: boolean, now: number): ConnectionState =>
  hasFailed
    ? { type: 'failing', troubles: 0, since: now, nextTryAt: now, trouble: null }
    : { type: 'untried', troubles: 0 }

/** Messages that may be under way at once. */
export function slotsOf(state: ConnectionState, lastReplyAt: number, now: number): number {
  switch (state.type) {
    case 'untried':
      return 1
    case 'answering':
      return now - lastReplyAt > knownForMs ? 1 : state.slots
    case 'failing':
      return now >= state.nextTryAt ? 1 : 0
  }
}

/** One more slot with every answer, up to the limit. */
function afterAnswer(state: ConnectionState, now: number): ConnectionState {
  if (state.type !== 'answering') return { type: 'answering', slots: 2, shrunkAt: null }
  const { slots, shrunkAt } = state
  const grows = shrunkAt === null || now - shrunkAt >= shrunkForMs
  return grows ? { type: 'answering', slots: Math.min(maxSlots, slots + 1), shrunkAt: null } : state
}

type Circumstances = {
  /** Other messages under way, plus one if any was answered since this one began. */
  readonly others: number
  /** 4xx refusals in a row, with this one; 0 when they all come from one tenant that shares the relay. */
  readonly refusals: number
  readonly now: number
}

export function afterEnd(
  state: ConnectionState,
  end: SlotEnd,
  facts: Circumstances,
): ConnectionState {
  const { others, refusals, now } = facts
  switch (end.type) {
    case 'answered':
      return afterAnswer(state, now)
    case 'checked':
      return afterCheck(state)
    case 'refused_for_now': {
      if (refusals < maxRefusals) return afterAnswer(state, now)
      const trouble: Trouble = { step: 'envelope', timedOut: false, reply: end.reply }
      return afterTrouble(state, trouble, others, now)
    }
    case 'trouble':
      return afterTrouble(state, end.trouble, others, now)
    case 'unused':
      return state
  }
}

/** The computer slept, and its network with it: the pauses start again. */
export const afterSleep = (state: ConnectionState, now: number): ConnectionState =>
  state.type === 'failing' ? { ...state, troubles: 0, nextTryAt: now } : state

/** The relay accepts connections; whether it accepts mail is unknown. */
function afterCheck(state: ConnectionState): ConnectionState {
  return state.type === 'failing' ? { type: 'untried', troubles: state.troubles } : state
}

/**
 * A relay that serves other messages meanwhile works, and gets fewer at once: many relays allow a
 * client only a few connections. Otherwise it is failing.
 */
function afterTrouble(
  state: ConnectionState,
  trouble: Trouble,
  others: number,
  now: number,
): ConnectionState {
  if (state.type === 'answering' && others > 0) {
    return {
      type: 'answering',
      slots: Math.min(state.slots, others),
      shrunkAt: now,
    }
  }
  const troubles = state.type === 'answering' ? 1 : state.troubles + 1
  return {
    type: 'failing',
    troubles,
    since: state.type === 'failing' ? state.since : now,
    nextTryAt: now + pauseMs(troubles),
    trouble,
  }
}

/** 5 s after the first trouble in a row, twice as long after each further one, at most 5 minutes. */
const pauseMs = (troubles: number): number =>
  Math.min(maxPauseMs, firstPauseMs * 2 ** (troubles - 1))

/** True for the steps before a relay sees any of a message. */
export const isBeforeMessage = (step: RelayStep): boolean =>
  step === 'connect' || step === 'greeting' || step === 'tls' || step === 'sign_in'
