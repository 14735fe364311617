import manifest from '../../package.json' with { type: 'json' };

/** Of this bot, as its package says. */
export const { version } = manifest;
