import type { RelayStep } from '../../contract/relays.ts'

/** Messages that one relay is given at once. */
export const maxPlaces = 10
const firstPauseMs = 5000
const maxPauseMs = 5 * 60_000
/** So many messages in a row refused with 4xx are the relay's matter, not the messages'. */
const maxRefusals = 20
const shrunkForMs = 60_000
/** After so long without mail a relay is given one message before it is given many. */
const knownForMs = 60_000

/** The reason why a relay took no message: it was silent, could not be reached, or refused. */
export type Trouble = {
  readonly step: RelayStep
  readonly timedOut: boolean
  readonly reply: string
}

/** How one message at a relay ended. `unused`: the relay was not asked. */
export type PlaceEnd =
  | { readonly type: 'answered' }
  | { readonly type: 'checked' }
  | {
      readonly type: 'refused_for_now'
      readonly reply: string
      /** Whose message it was. */
      readonly tenantId: string | null
    }
  | { readonly type: 'trouble'; readonly trouble: Trouble }
  | { readonly type: 'unused' }

/** What is known of a relay from its last answers, in the memory of this process. Times are elapsed ones. */
export type Standing =
  /** Nothing yet, or only that it takes connections: one message at a time. */
  | { readonly type: 'untried'; readonly troubles: number }
  | { readonly type: 'answering'; readonly places: number; readonly shrunkAt: number | null }
  /** Asked with one message when its pause is over; all other mail passes it by. */
  | {
      readonly type: 'failing'
      readonly troubles: number
      readonly since: number
      readonly nextTryAt: number
      readonly trouble: Trouble | null
    }

/** A relay that failed before the restart is asked at once, and with one message. */
export const standingAtStart = (hasFailed: boolean, now: number): Standing =>
  hasFailed
    ? { type: 'failing', troubles: 0, since: now, nextTryAt: now, trouble: null }
    : { type: 'untried', troubles: 0 }

/** How many messages it may be given at once. */
export function placesOf(standing: Standing, heardAt: number, now: number): number {
  switch (standing.type) {
    case 'untried':
      return 1
    case 'answering':
      return now - heardAt > knownForMs ? 1 : standing.places
    case 'failing':
      return now >= standing.nextTryAt ? 1 : 0
  }
}

/** One more place with every answer, up to the limit. */
function afterAnswer(standing: Standing, now: number): Standing {
  if (standing.type !== 'answering') return { type: 'answering', places: 2, shrunkAt: null }
  const { places, shrunkAt } = standing
  const grows = shrunkAt === null || now - shrunkAt >= shrunkForMs
  return grows
    ? { type: 'answering', places: Math.min(maxPlaces, places + 1), shrunkAt: null }
    : standing
}

type Circumstances = {
  /** Other messages under way, or answered since this one began. */
  readonly others: number
  /** Messages refused for now in a row, with this one; 0 when one tenant's mail explains them. */
  readonly refusals: number
  readonly now: number
}

export function afterEnd(standing: Standing, end: PlaceEnd, facts: Circumstances): Standing {
  const { others, refusals, now } = facts
  switch (end.type) {
    case 'answered':
      return afterAnswer(standing, now)
    case 'checked':
      return afterCheck(standing)
    case 'refused_for_now': {
      if (refusals < maxRefusals) return afterAnswer(standing, now)
      const trouble: Trouble = { step: 'envelope', timedOut: false, reply: end.reply }
      return afterTrouble(standing, trouble, others, now)
    }
    case 'trouble':
      return afterTrouble(standing, end.trouble, others, now)
    case 'unused':
      return standing
  }
}

/** The computer was asleep, and its network with it: the pauses begin anew. */
export const afterSleep = (standing: Standing, now: number): Standing =>
  standing.type === 'failing' ? { ...standing, troubles: 0, nextTryAt: now } : standing

/** It takes connections; whether it takes mail is not known. */
function afterCheck(standing: Standing): Standing {
  return standing.type === 'failing' ? { type: 'untried', troubles: standing.troubles } : standing
}

/**
 * A relay that serves others meanwhile works, and is given fewer at once: many allow a client only a
 * few connections. Otherwise it is failing.
 */
function afterTrouble(standing: Standing, trouble: Trouble, others: number, now: number): Standing {
  if (standing.type === 'answering' && others > 0) {
    return {
      type: 'answering',
      places: Math.min(standing.places, others),
      shrunkAt: now,
    }
  }
  const troubles = standing.type === 'answering' ? 1 : standing.troubles + 1
  return {
    type: 'failing',
    troubles,
    since: standing.type === 'failing' ? standing.since : now,
    nextTryAt: now + pauseMs(troubles),
    trouble,
  }
}

/** 5 s after the first trouble in a row, twice as long after each further one, at most 5 minutes. */
const pauseMs = (troubles: number): number =>
  Math.min(maxPauseMs, firstPauseMs * 2 ** (troubles - 1))

/** Before this step no relay has seen anything of a message. */
export const isBeforeMessage = (step: RelayStep): boolean =>
  step === 'connect' || step === 'greeting' || step === 'tls' || step === 'sign_in'
