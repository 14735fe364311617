import { nameBlocks } from './block-rules.ts';
import { isRecord, type Json } from './json.ts';

/** A view as the app gave it, with names for its blocks and elements. */
export type ModalView = {
  type: 'modal';
  title: unknown;
  submit: unknown;
  close: unknown;
  blocks: unknown[];
  private_metadata: string;
  callback_id: string;
  external_id: string;
  clear_on_close: boolean;
  notify_on_close: boolean;
};

export type Modal = {
  id: string;
  person: string;
  /** Changes with each update. */
  hash: string;
  view: ModalView;
  /** Options that the app returned while the person searched. */
  offered: Json[];
};

export type Modals = ReturnType<typeof createModals>;

type Parts = { now: () => number; changed: () => void; nextId: (bytes: number) => string };

/** The open form of each person: one at a time. */
export function createModals({ now, changed, nextId }: Parts) {
  const named = (view: ModalView) => ({ ...view, blocks: nameBlocks(view.blocks, () => nextId(3)) });
  const byPerson = new Map<string, Modal>();
  const nextHash = () => `${Math.floor(now() / 1_000)}.${nextId(4)}`;
  const find = (fits: (modal: Modal) => boolean) => [...byPerson.values()].find(fits);
  const put = (modal: Modal) => {
    byPerson.set(modal.person, modal);
    changed();
    return modal;
  };
  return {
    of: (person: string) => byPerson.get(person),
    all: () => [...byPerson.values()],
    byId: (id: string) => find((modal) => modal.id === id),
    byExternalId: (id: string) => find(({ view }) => view.external_id === id),
    /** Replaces the person's open form. */
    open(person: string, view: ModalView): Modal {
      return put({
        id: `V${nextId(5).toUpperCase()}`,
        person,
        hash: nextHash(),
        view: named(view),
        offered: [],
      });
    },
    replace: (modal: Modal, view: ModalView): Modal => put({ ...modal, hash: nextHash(), view: named(view) }),
    /** Does nothing if the person has another one open by now. */
    close({ id, person }: Modal) {
      if (byPerson.get(person)?.id !== id) return;
      byPerson.delete(person);
      changed();
    },
  };
}

/** The block, and its element that a person can use, anywhere in the form. */
export function elementsIn({ blocks }: Pick<ModalView, 'blocks'>): { block: Json; element: Json }[] {
  return blocks.filter(isRecord).flatMap((block) => {
    const elements: unknown = block['elements'];
    const inside = [block['element'], block['accessory'], ...(Array.isArray(elements) ? elements : [])];
    return inside.filter(isRecord).map((element) => ({ block, element }));
  });
}
