export type StartRefusal =
  | 'port-taken'
  | 'folder-locked'
  | 'node-too-old'
  | 'invalid-setting'
  | 'unusable-folder'

/** The server cannot start; the message is a sentence for the person who started it. */
export class StartRefused extends Error {
  readonly reason: StartRefusal
  /** Environment name of the setting to change, if one setting is the cause. */
  readonly setting: string | undefined

  constructor(reason: StartRefusal, message: string, setting?: string) {
    super(message)
    this.name = 'StartRefused'
    this.reason = reason
    this.setting = setting
  }
}
