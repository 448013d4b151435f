import {
  identity,
  type Manifest,
  matches,
  ofKind,
  podsOf,
  type Selector,
  type ServiceSpec,
} from './manifests.js';

interface IngressSpec {
  rules: {
    http: { paths: { backend: { service: { name: string; port: { name: string } } } }[] };
  }[];
}

interface RouteSpec {
  rules: { backendRefs: { name: string; port: number }[] }[];
}

interface MonitorSpec {
  selector: Selector;
  endpoints: { port: string }[];
}

/** Backends and monitors that lead nowhere, ports that no pod has, and pods that are scraped twice. */
export function wrongBackends(manifests: Manifest[]): string[] {
  const services = ofKind<ServiceSpec>(manifests, 'Service');
  const service = (name: string) => services.find(({ metadata }) => metadata.name === name);
  const ingresses = ofKind<IngressSpec>(manifests, 'Ingress').flatMap(({ spec }) =>
    spec.rules
      .flatMap(({ http }) => http.paths.map(({ backend }) => backend.service))
      .filter(({ name, port }) => !service(name)?.spec.ports.some((one) => one.name === port.name))
      .map(({ name }) => `the Ingress leads to ${name}, which is not there`),
  );
  const routes = ofKind<RouteSpec>(manifests, 'HTTPRoute').flatMap(({ spec }) =>
    spec.rules
      .flatMap(({ backendRefs }) => backendRefs)
      .filter(({ name, port }) => !service(name)?.spec.ports.some((one) => one.port === port))
      .map(({ name }) => `the HTTPRoute leads to ${name}, which is not there`),
  );
  const monitors = ofKind<MonitorSpec>(manifests, 'ServiceMonitor').flatMap((monitor) => {
    const seen = services
      .filter(({ metadata }) => matches(monitor.spec.selector.matchLabels, metadata.labels ?? {}))
      .flatMap(({ spec }) => spec.ports)
      .filter(({ name }) => monitor.spec.endpoints.some(({ port }) => port === name));
    return seen.length === 1 ? [] : [`${identity(monitor)} finds each pod ${seen.length} times`];
  });
  return [...ingresses, ...routes, ...monitors, ...services.flatMap(portsOfNobody(manifests))];
}

const portsOfNobody = (manifests: Manifest[]) => (service: Manifest<ServiceSpec>) => {
  const selected = podsOf(manifests).filter(({ metadata }) =>
    matches(service.spec.selector, metadata.labels),
  );
  const ports = selected.flatMap(({ spec }) => spec.containers.flatMap(({ ports = [] }) => ports));
  return service.spec.ports
    .filter(({ targetPort }) => typeof targetPort === 'string')
    .filter(({ targetPort }) => !ports.some(({ name }) => name === targetPort))
    .map(({ name }) => `${identity(service)} has a port ${name} that no pod has`);
};
