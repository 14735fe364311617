import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';

/** What CloudFormation would reject in a template. */
export function faultsOf(templatePath: string): { status: string; faults: unknown[] } {
  const engine = new RegoEngine();
  const { status, diagnostics } = engine.validateStandard(new TemplateFile(templatePath));
  engine.free();
  const faults = diagnostics.filter(({ severity }) => severity === 'ERROR' || severity === 'FATAL');
  return { status, faults };
}
