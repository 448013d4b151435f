import { apply, kubectl } from './commands.js';
import { type Certificate, makeAuthority } from './certificates.js';

/** The user who runs both servers in their images. */
const USER = 999;

/**
 * A PostgreSQL and a Valkey that are not the chart's, in a namespace of their own, both reached by TLS
 * alone. The database belongs to a role that nobody is; who signs in is `primetrade_blue` or
 * `primetrade_green` and acts as that role.
 */
export class Outside {
  readonly postgresql: string;
  readonly valkey: string;

  constructor(private readonly namespace: string) {
    this.postgresql = `postgresql.${namespace}.svc.cluster.local`;
    this.valkey = `valkey.${namespace}.svc.cluster.local`;
  }

  /**
   * Starts both with this password.
   *
   * @returns the certificate of the authority that vouches for them
   */
  async start(password: string): Promise<string> {
    const { ca, servers } = await makeAuthority(this.postgresql, this.valkey);
    const [postgresql, valkey] = servers as [Certificate, Certificate];
    const items = [
      ...this.server('postgresql', postgresql, ca, {
        port: 5432,
        image: 'postgres:18',
        env: [{ name: 'POSTGRES_PASSWORD', value: 'of the superuser' }],
        args: [
          ...[
            '-c',
            'ssl=on',
            '-c',
            'ssl_cert_file=/tls/tls.crt',
            '-c',
            'ssl_key_file=/tls/tls.key',
          ],
          ...['-c', 'hba_file=/docker-entrypoint-initdb.d/pg_hba.conf'],
        ],
        folders: ['/var/lib/postgresql', '/var/run/postgresql', '/tmp'],
        files: {
          mountPath: '/docker-entrypoint-initdb.d',
          data: {
            'pg_hba.conf': 'local all all trust\nhostssl all all all scram-sha-256\n',
            'roles.sql': roles(password),
          },
        },
      }),
      ...this.server('valkey', valkey, ca, {
        port: 6379,
        image: 'valkey/valkey:9',
        args: [
          ...['valkey-server', '--port', '0', '--tls-port', '6379', '--tls-auth-clients', 'no'],
          ...['--tls-cert-file', '/tls/tls.crt', '--tls-key-file', '/tls/tls.key'],
          ...['--tls-ca-cert-file', '/tls/ca.crt', '--save', '', '--requirepass', password],
        ],
        folders: ['/data'],
      }),
    ];
    await apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await kubectl(
      ...['wait', 'pods', '--all', '--namespace', this.namespace],
      ...['--for=condition=Ready', '--timeout=120s'],
    );
    return ca;
  }

  /** What the superuser's statement answers. */
  async sql(statement: string): Promise<string> {
    const psql = ['psql', '-U', 'postgres', '-d', 'primetrade', '-tAc', statement];
    return (await this.exec('postgresql', psql)).trim();
  }

  async valkeyCli(password: string, ...command: string[]): Promise<string> {
    const cli = ['valkey-cli', '--tls', '--cacert', '/tls/ca.crt', '--no-auth-warning'];
    return (await this.exec('valkey', [...cli, '-a', password, ...command])).trim();
  }

  private exec(pod: string, command: string[]): Promise<string> {
    return kubectl('exec', pod, '--namespace', this.namespace, '--', ...command);
  }

  private server(name: string, own: Certificate, ca: string, what: Server): object[] {
    const metadata = { name, namespace: this.namespace, labels: { app: name } };
    const folders = what.folders.map((mountPath, index) => ({
      name: `folder-${index}`,
      mountPath,
    }));
    const files = what.files && { name: 'files', mountPath: what.files.mountPath };
    return [
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata,
        stringData: { 'ca.crt': ca, 'tls.crt': own.certificate, 'tls.key': own.key },
      },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: what.files?.data ?? {} },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { selector: { app: name }, ports: [{ port: what.port }] },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata,
        spec: {
          automountServiceAccountToken: false,
          securityContext: {
            ...{ runAsNonRoot: true, runAsUser: USER, runAsGroup: USER, fsGroup: USER },
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name,
              image: what.image,
              args: what.args,
              env: what.env,
              resources: { requests: { cpu: '20m', memory: '64Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
              },
              readinessProbe: { tcpSocket: { port: what.port }, periodSeconds: 1 },
              volumeMounts: [
                { name: 'tls', mountPath: '/tls' },
                ...folders,
                ...(files === undefined ? [] : [files]),
              ],
            },
          ],
          volumes: [
            { name: 'tls', secret: { secretName: name, defaultMode: 0o440 } },
            { name: 'files', configMap: { name } },
            ...folders.map((folder) => ({ name: folder.name, emptyDir: {} })),
          ],
        },
      },
    ];
  }
}

interface Server {
  port: number;
  image: string;
  args: string[];
  env?: object[];
  /** What it writes to. */
  folders: string[];
  files?: { mountPath: string; data: Record<string, string> };
}

function roles(password: string): string {
  return `
    CREATE ROLE primetrade NOLOGIN;
    GRANT pg_read_all_stats TO primetrade;
    CREATE ROLE primetrade_blue LOGIN PASSWORD '${password}' IN ROLE primetrade;
    CREATE ROLE primetrade_green NOLOGIN IN ROLE primetrade;
    ALTER ROLE primetrade_blue SET role TO primetrade;
    ALTER ROLE primetrade_green SET role TO primetrade;
    CREATE DATABASE primetrade OWNER primetrade;
    REVOKE CONNECT, TEMPORARY ON DATABASE primetrade FROM PUBLIC;
  `;
}
