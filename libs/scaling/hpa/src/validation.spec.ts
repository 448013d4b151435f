import { compile } from './compile.js';
import { milliOf, floatOf } from './quantity.js';
import { requestOf } from './requests.js';
import type { HpaSpec, ScalingRulesSpec } from './spec.js';
import { cpuSpec } from './testing/scenes.js';
import { InvalidSpecError, validateSpec } from './validation.js';

const fieldsOf = (spec: HpaSpec) => validateSpec(spec).map(({ field }) => field);

describe('validateSpec', () => {
  it('accepts what the API server accepts', () => {
    expect(validateSpec(cpuSpec())).toEqual([]);
    expect(validateSpec({ maxReplicas: 3 })).toEqual([]);
    const scaleDown: ScalingRulesSpec = {
      stabilizationWindowSeconds: 3600,
      selectPolicy: 'Min',
      policies: [{ type: 'Pods', value: 1, periodSeconds: 1800 }],
      tolerance: '0',
    };
    expect(validateSpec(cpuSpec({ behavior: { scaleDown } }))).toEqual([]);
  });

  it.each<[string, Partial<HpaSpec>]>([
    ['spec.minReplicas', { minReplicas: 0 }],
    ['spec.maxReplicas', { maxReplicas: 0 }],
    ['spec.maxReplicas', { minReplicas: 5, maxReplicas: 4 }],
    ['spec.metrics[0].type', { metrics: [{ type: 'Magic' }] }],
    ['spec.metrics[0].pods', { metrics: [{ type: 'Pods' }] }],
    [
      'spec.metrics[0].resource.target',
      { metrics: [{ type: 'Resource', resource: { name: 'cpu', target: {} } }] },
    ],
    [
      'spec.metrics[0].resource.target.value',
      { metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { value: '1' } } }] },
    ],
    [
      'spec.metrics[0].resource.target.averageUtilization',
      {
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 0 } } },
        ],
      },
    ],
  ])('refuses %s', (field, more) => {
    expect(fieldsOf(cpuSpec(more))).toEqual([field]);
    expect(() => compile(cpuSpec(more))).toThrow(InvalidSpecError);
  });

  it.each<[string, ScalingRulesSpec]>([
    ['stabilizationWindowSeconds', { stabilizationWindowSeconds: 3601 }],
    ['selectPolicy', { selectPolicy: 'Most' }],
    ['policies', { policies: [] }],
    ['policies[0].type', { policies: [{ type: 'Half', value: 1, periodSeconds: 1 }] }],
    ['policies[0].value', { policies: [{ type: 'Pods', value: 0, periodSeconds: 1 }] }],
    ['policies[0].periodSeconds', { policies: [{ type: 'Pods', value: 1, periodSeconds: 1801 }] }],
    ['tolerance', { tolerance: '-0.1' }],
    ['tolerance', { tolerance: 'much' }],
  ])('refuses spec.behavior.scaleUp.%s', (field, scaleUp) => {
    expect(fieldsOf(cpuSpec({ behavior: { scaleUp } }))).toEqual([
      `spec.behavior.scaleUp.${field}`,
    ]);
  });

  it('lets an autoscaler start from zero only by a metric that has no pods', () => {
    const external = {
      type: 'External',
      external: { metric: { name: 'q' }, target: { type: 'Value', value: '1' } },
    };
    const gate = { scaleToZero: true };
    expect(validateSpec(cpuSpec({ minReplicas: 0, metrics: [external] }), gate)).toEqual([]);
    expect(validateSpec(cpuSpec({ minReplicas: 0 }), gate)).toHaveLength(1);
  });
});

describe('compile', () => {
  it('fills in what is not given', () => {
    expect(compile({ maxReplicas: 3 })).toMatchObject({
      min: 1,
      metrics: [{ kind: 'Resource', name: 'cpu', targetType: 'Utilization', target: 80 }],
      behavior: null,
      tolerances: { up: 0.1, down: 0.1 },
    });
    const policies = [{ type: 'Pods', value: 1, periodSeconds: 60 }];
    const spec = cpuSpec({ behavior: { scaleUp: { policies, tolerance: '20m' } } });
    expect(compile(spec)).toMatchObject({
      tolerances: { up: 0.02, down: 0.1 },
      behavior: {
        up: { stabilization: 0, select: 'Max', longestPeriod: 60_000 },
        down: { stabilization: 300_000, policies: [{ type: 'Percent', value: 100 }] },
      },
    });
  });
});

describe('quantities', () => {
  it.each([
    ['250m', 250],
    ['1.5', 1500],
    ['2', 2000],
    ['512Mi', 536_870_912_000],
    ['1k', 1_000_000],
    ['1e3', 1_000_000],
    ['1.1m', 2],
    ['100u', 1],
    ['-5', -5000],
    ['.5', 500],
  ])('%s are %i thousandths', (quantity, milli) => {
    expect(milliOf(quantity)).toBe(milli);
  });

  it.each(['', '.', 'five', '1 Gi', '1mm', '0x10'])('"%s" is none', (quantity) => {
    expect(() => milliOf(quantity)).toThrow(RangeError);
  });

  it('are floats with the rounding of the controller', () => {
    expect([floatOf('300m'), floatOf('0.1'), floatOf(2)]).toEqual([0.3, 0.1, 2]);
  });
});

describe('requestOf', () => {
  const request = (cpu: string) => ({ resources: { requests: { cpu } } });
  const spec = {
    containers: [
      { name: 'app', ...request('250m') },
      { name: 'proxy', ...request('100m') },
    ],
    initContainers: [
      { name: 'sidecar', restartPolicy: 'Always', ...request('50m') },
      { name: 'init', ...request('2') },
    ],
  };

  it('sums containers and sidecars', () => {
    expect(requestOf(spec, 'cpu')).toBe(400);
    expect(requestOf(spec, 'cpu', 'proxy')).toBe(100);
    expect(requestOf(spec, 'cpu', 'sidecar')).toBe(50);
  });

  it('prefers the request of the pod, unless a container is named', () => {
    expect(requestOf({ ...spec, ...request('1') }, 'cpu')).toBe(1000);
    expect(requestOf({ ...spec, ...request('1') }, 'cpu', 'app')).toBe(250);
    expect(requestOf({ ...spec, ...request('1') }, 'memory')).toBeNull();
  });

  it('has none if one container has none', () => {
    expect(requestOf({ containers: [...spec.containers, { name: 'bare' }] }, 'cpu')).toBeNull();
    expect(requestOf(spec, 'memory')).toBeNull();
    expect(requestOf(spec, 'cpu', 'absent')).toBeNull();
  });
});
