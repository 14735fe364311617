export const redriveIds = {
  openForm: 'redrive',
  startAgain: 'redrive-again',
  cancel: 'cancel-redrive',
  approve: 'approve-redrive',
  decline: 'decline-redrive',
  withdraw: 'withdraw-redrive',
  form: 'start-redrive',
} as const;
