/** Who calls whom, as a Mermaid diagram: the same map that the NetworkPolicies are made of. */
export function diagram(edges) {
  const lines = edges.map(({ from, to, port }) => `  ${from} -- ${port} --> ${to}`);
  return ['```mermaid', 'flowchart LR', ...lines, '```'].join('\n');
}
