/** Earlier versions read only `MAILSAGE_KEY`. */
const variables = ['MAILSAGE_API_KEY', 'MAILSAGE_KEY'] as const

export const keyVariable = variables[0]

export type EnvironmentKey = {
  readonly key: string
  readonly variable: (typeof variables)[number]
}

/** The key in the environment; an empty variable counts as unset. */
export function environmentKey(env: NodeJS.ProcessEnv): EnvironmentKey | null {
  for (const variable of variables) {
    const key = env[variable]?.trim()
    if (key) return { key, variable }
  }
  return null
}
