const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'it is there already',
  EACCES: 'its permissions do not allow it',
  EPERM: 'its permissions do not allow it',
  EROFS: 'its disk is read-only',
  ENOSPC: 'its disk is full',
  EDQUOT: 'the quota of its disk is used up',
  EIO: 'its disk reports an error',
  EBUSY: 'another program uses it',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
}

/** The reason why a file cannot be read or written, as the end of a sentence, with the code to search for. */
export function fileProblem(error: unknown): string {
  const { code } = error as { readonly code?: unknown }
  if (typeof code !== 'string') return 'the system gives no reason'
  const reason = reasons[code]
  return reason === undefined ? `the system refuses it (${code})` : `${reason} (${code})`
}
