import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';

/** Its rules take seconds to load. */
let engine: InstanceType<typeof RegoEngine> | undefined;

/** What CloudFormation would reject in a template. */
export function faultsOf(templatePath: string): { status: string; faults: unknown[] } {
  engine ??= new RegoEngine();
  const { status, diagnostics } = engine.validateStandard(new TemplateFile(templatePath));
  const faults = diagnostics.filter(({ severity }) => severity === 'ERROR' || severity === 'FATAL');
  return { status, faults };
}
