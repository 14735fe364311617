import { useState } from 'react';
import type { ModalValues } from '../../../slack/page-contract.ts';
import { useWorkspace } from '../workspace.ts';
import { Modal } from './modal.tsx';

/** This person's open form. Its content stays while another person is selected. */
export function ModalHost() {
  const { state, me } = useWorkspace();
  const [drafts, setDrafts] = useState<Record<string, ModalValues>>({});
  const modal = state.modals?.[me.id];
  if (!modal) return null;
  return (
    <Modal
      key={modal.id}
      modal={modal}
      values={drafts[modal.id] ?? {}}
      onValues={(values) => setDrafts((kept) => ({ ...kept, [modal.id]: values }))}
    />
  );
}
