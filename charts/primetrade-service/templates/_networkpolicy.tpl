{{/*
The NetworkPolicy of one component: nothing but what is listed, in either direction. Names may always
be looked up. Takes ingress and egress (lists of rules) from the chart, and networkPolicy.ingress and
.egress from the user; a small chart names just networkPolicy.from, the peers that may call it.
*/}}
{{- define "primetrade-service.networkpolicy" -}}
{{- $s := include "primetrade-service.settings" . | fromJson -}}
{{- if $s.networkPolicy.enabled -}}
{{- $in := concat (default list .ingress) (default list $s.networkPolicy.ingress) -}}
{{- with $s.networkPolicy.from -}}
{{- $in = append $in (dict "from" . "ports" (list (dict "port" (int $s.port)))) -}}
{{- end -}}
{{- if and $s.metrics.enabled $s.networkPolicy.prometheusNamespace -}}
{{- $labels := dict "kubernetes.io/metadata.name" $s.networkPolicy.prometheusNamespace -}}
{{- $from := dict "namespaceSelector" (dict "matchLabels" $labels) -}}
{{- $in = append $in (dict "from" (list $from) "ports" (list (dict "port" (int $s.metrics.port)))) -}}
{{- end -}}
{{- $out := prepend (concat (default list .egress) (default list $s.networkPolicy.egress)) (include "primetrade-service.dnsEgress" $s | fromYaml) -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "primetrade-service.name" . }}
  namespace: {{ .root.Release.Namespace | quote }}
  labels:
    {{- include "primetrade-service.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "primetrade-service.selectorLabels" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  {{- if $in }}
  ingress:
    {{- toYaml $in | nindent 4 }}
  {{- else }}
  ingress: []
  {{- end }}
  egress:
    {{- toYaml $out | nindent 4 }}
{{- end -}}
{{- end -}}

{{/* The rule that lets names be looked up. Takes a map with networkPolicy.dnsNamespace. */}}
{{- define "primetrade-service.dnsEgress" -}}
to:
  - namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: {{ default "kube-system" (.networkPolicy).dnsNamespace | quote }}
ports:
  - port: 53
    protocol: UDP
  - port: 53
    protocol: TCP
{{- end -}}
