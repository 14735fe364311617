import { globalAgent } from 'node:https';

/** Whether NODE_USE_ENV_PROXY, or the option of that name, tells Node to use a proxy. */
export const behindProxy = Boolean(globalAgent.options.proxyEnv);
