import { Component, type ReactNode } from 'react';
import { BoxedBlock } from './boxed-block.tsx';

type Props = { block: unknown; children: ReactNode };

/** A block that throws while it is drawn is shown as a box; React offers this to classes only. */
export class BlockBoundary extends Component<Props, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override componentDidUpdate(before: Props) {
    if (this.state.hasFailed && JSON.stringify(before.block) !== JSON.stringify(this.props.block)) {
      this.setState({ hasFailed: false });
    }
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return <BoxedBlock block={this.props.block} why="could not be drawn" />;
  }
}
