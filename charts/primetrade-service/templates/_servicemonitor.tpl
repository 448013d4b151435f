{{/* For the Prometheus operator; without it, the pods carry scrape annotations instead. */}}
{{- define "primetrade-service.servicemonitor" -}}
{{- $s := include "primetrade-service.settings" . | fromJson -}}
{{- if and $s.metrics.enabled $s.metrics.serviceMonitor.enabled -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ include "primetrade-service.name" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "primetrade-service.labels" . | nindent 4 }}
    {{- with $s.metrics.serviceMonitor.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  selector:
    matchLabels:
      {{- include "primetrade-service.selectorLabels" . | nindent 6 }}
  namespaceSelector:
    matchNames: [{{ .root.Release.Namespace }}]
  targetLabels: [app.kubernetes.io/component]
  endpoints:
    - port: metrics
      path: {{ $s.metrics.path }}
      interval: {{ $s.metrics.serviceMonitor.interval }}
{{- end -}}
{{- end -}}
