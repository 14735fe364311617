import { actionsCommand } from './actions-command.ts';
import type { CliCommand } from './command.ts';
import { discoverCommand } from './discover-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { manifestCommand } from './manifest-command.ts';
import { policyCommand } from './policy-command.ts';
import { demoCommand, serveCommand } from './start-commands.ts';
import { statusCommand } from './status-command.ts';
import { watchCommand } from './watch-command.ts';

/** All that can be typed after `dlq-tasks`. Help is made of it. */
export const cliCommands: readonly CliCommand[] = [
  statusCommand,
  watchCommand,
  actionsCommand,
  doctorCommand,
  discoverCommand,
  manifestCommand,
  policyCommand,
  serveCommand,
  demoCommand,
];
