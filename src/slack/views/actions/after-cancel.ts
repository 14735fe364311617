export const afterCancel = 'Messages that have moved stay moved, and some more may still move.';
