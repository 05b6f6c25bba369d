import { Component, type ReactNode } from 'react'
import { Failure } from './notice.tsx'

/** Keeps a screen that broke, or whose code could not be loaded, from emptying the window. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false }

  static getDerivedStateFromError() {
    return { isBroken: true }
  }

  override render() {
    if (!this.state.isBroken) return this.props.children
    const sentence = 'This screen could not be shown. Load the window again to go on.'
    return <Failure failure={new Error(sentence)} onRetry={() => location.reload()} />
  }
}
