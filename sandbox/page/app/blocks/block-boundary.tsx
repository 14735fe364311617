import { Component, type ReactNode } from 'react';
import { BoxedBlock } from './boxed-block.tsx';

type Props = { block: unknown; children: ReactNode };

/** Shows a box in place of a block that throws while it is rendered; React supports this only in classes. */
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
    return <BoxedBlock block={this.props.block} why="couldn't be shown" />;
  }
}
