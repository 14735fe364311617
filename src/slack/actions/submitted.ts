import type { StartForm } from '../../domain/actions/start-form.ts';
import type { FormOrigin } from './action-buttons.ts';

/** What a submitted form carries. */
export type Submitted = { origin: FormOrigin; form: StartForm };
