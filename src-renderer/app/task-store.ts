import { create } from 'zustand'

/** The task of a screen, which its open dialog shows. `onEnd` runs when the dialog closes. */
export function createTaskStore<Task>(onEnd: () => void = () => undefined) {
  const useStore = create<{ readonly task: Task | null }>(() => ({ task: null }))

  return {
    useTask: (): Task | null => useStore((state) => state.task),
    beginTask: (task: Task): void => useStore.setState({ task }),
    /** Closes the open dialog. */
    endTask(): void {
      useStore.setState({ task: null })
      onEnd()
    },
  }
}
