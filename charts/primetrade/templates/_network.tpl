{{/*
Rules of a component's NetworkPolicy from files/edges.yaml, as a JSON map with `ingress` and `egress`.
Takes root and component. Who may scrape is the library's to say: prometheus edges are for the docs.
*/}}
{{- define "primetrade.rules" -}}
{{- $root := .root -}}
{{- $component := .component -}}
{{- $in := list -}}
{{- $out := list -}}
{{- range ($root.Files.Get "files/edges.yaml" | fromYaml).edges -}}
{{- if and (eq .to $component) (ne .from "prometheus") -}}
{{- $from := include "primetrade.peers" (dict "root" $root "peer" .from) | fromYamlArray -}}
{{- if $from }}{{ $in = append $in (dict "from" $from "ports" (include "primetrade.ports" (dict "root" $root "edge" .) | fromYamlArray)) }}{{ end -}}
{{- end -}}
{{- if eq .from $component -}}
{{- $to := include "primetrade.peers" (dict "root" $root "peer" .to) | fromYamlArray -}}
{{- $out = append $out (dict "to" $to "ports" (include "primetrade.ports" (dict "root" $root "edge" .) | fromYamlArray)) -}}
{{- end -}}
{{- end -}}
{{- with (($root.Values.global).networkPolicy).nodeCidrs -}}
{{- if hasKey $root.Values $component -}}
{{- $blocks := list -}}
{{- range . }}{{ $blocks = append $blocks (dict "ipBlock" (dict "cidr" .)) }}{{ end -}}
{{- $port := include "primetrade.port" (dict "root" $root "component" $component) -}}
{{- if $port }}{{ $in = append $in (dict "from" $blocks "ports" (list (dict "port" (int $port)))) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- dict "ingress" $in "egress" $out | toJson -}}
{{- end -}}

{{/* Peers of one end of an edge, as a YAML list; none where nobody of that name can call. */}}
{{- define "primetrade.peers" -}}
{{- $policy := default dict (.root.Values.global).networkPolicy -}}
{{- if eq .peer "ingress" -}}
{{- range $policy.ingressNamespaces }}
- namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ . | quote }}
{{- end }}
{{- range $policy.ingressCidrs }}
- ipBlock:
    cidr: {{ . | quote }}
{{- end }}
{{- else if eq .peer "kubernetes-api" -}}
{{- range default (list "0.0.0.0/0" "::/0") ((.root.Values.secrets).kubernetesApi).cidrs }}
- ipBlock:
    cidr: {{ . | quote }}
{{- end }}
{{- else if eq .peer "postgresql" -}}
{{- include "primetrade.postgresql.peers" . -}}
{{- else if eq .peer "valkey" -}}
{{- include "primetrade.valkey.peers" . -}}
{{- else }}
- podSelector:
    matchLabels:
      {{- include "primetrade.selectorLabels" (dict "root" .root "component" .peer) | nindent 6 }}
{{- end -}}
{{- end -}}

{{/* Ports of an edge, as a YAML list. */}}
{{- define "primetrade.ports" -}}
{{- $ports := list -}}
{{- if eq .edge.port "http" -}}
{{- $ports = list (int (include "primetrade.port" (dict "root" .root "component" .edge.to))) -}}
{{- else if eq .edge.port "postgresql" -}}
{{- $ports = include "primetrade.postgresql.ports" . | fromJsonArray -}}
{{- else if eq .edge.port "valkey" -}}
{{- $ports = include "primetrade.valkey.ports" . | fromJsonArray -}}
{{- else if eq .edge.port "kubernetes-api" -}}
{{- $ports = default (list 443 6443 16443) ((.root.Values.secrets).kubernetesApi).ports -}}
{{- else -}}
{{- fail (printf "files/edges.yaml: %s is no port that a policy can be made of." .edge.port) -}}
{{- end -}}
{{- range $ports }}
- port: {{ int . }}
{{- end }}
{{- end -}}

{{/* Port on which a service listens. Takes root and component. */}}
{{- define "primetrade.port" -}}
{{- $ports := dict "web" 3000 "gateway" 4000 "auth" 4001 "tasks" 4002 "profile" 4003 -}}
{{- if hasKey $ports .component }}{{ get $ports .component }}{{ end -}}
{{- end -}}

{{/*
NetworkPolicy of what is no service of the library chart: Jobs and test pods. Takes root, component.
*/}}
{{- define "primetrade.networkpolicy" -}}
{{- if ((.root.Values.global).networkPolicy).enabled -}}
{{- $rules := include "primetrade.rules" . | fromJson -}}
{{- $dns := include "primetrade-service.dnsEgress" .root.Values.global | fromYaml -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "primetrade.name" . }}
  namespace: {{ .root.Release.Namespace | quote }}
  labels:
    {{- include "primetrade.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "primetrade.selectorLabels" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress: []
  egress:
    {{- toYaml (prepend $rules.egress $dns) | nindent 4 }}
{{- end -}}
{{- end -}}
