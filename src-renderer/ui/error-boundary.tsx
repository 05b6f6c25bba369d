import { Component, type ReactNode } from 'react'
import { uiLabels } from './labels.ts'
import { Failure } from './notice.tsx'

type Problem = 'none' | 'not-loaded' | 'broken'
type ErrorBoundaryProps = {
  /** Whether the server answers; without it, code that is not loaded yet cannot be loaded. */
  isReachable: boolean
  children: ReactNode
}

/** Shows an error in place of a screen that throws, or whose code fails to load. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { problem: Problem }> {
  override state = { problem: 'none' as Problem }

  static getDerivedStateFromError(error: unknown) {
    return { problem: isImportError(error) ? 'not-loaded' : 'broken' }
  }

  /** React keeps a failed import, so only a reload of the page loads the code again. */
  override componentDidUpdate(before: ErrorBoundaryProps) {
    const isBack = this.props.isReachable && !before.isReachable
    if (isBack && this.state.problem === 'not-loaded') location.reload()
  }

  override render() {
    const { problem } = this.state
    if (problem === 'none') return this.props.children
    const isRetrying = problem === 'not-loaded' && !this.props.isReachable
    const sentence = isRetrying ? uiLabels.unreachable : uiLabels.screenFailed
    return <Failure failure={new Error(sentence)} onRetry={() => location.reload()} />
  }
}

/** Chromium, Firefox and WebKit name the failed import in the message of a TypeError. */
const isImportError = (error: unknown): boolean =>
  error instanceof TypeError && /\b(?:imported module|importing a module)\b/i.test(error.message)
