{{/* For the Prometheus operator; without it, the pods carry scrape annotations instead. */}}
{{- define "primetrade-service.servicemonitor" -}}
{{- $s := include "primetrade-service.settings" . | fromJson -}}
{{- if and $s.metrics.enabled $s.metrics.serviceMonitor.enabled -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ include "primetrade-service.name" . }}
  namespace: {{ .root.Release.Namespace | quote }}
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
    matchNames: [{{ .root.Release.Namespace | quote }}]
  # `job` is the system and `app` the service: `service` is what the gateway's own metrics call the
  # service behind it.
  jobLabel: app.kubernetes.io/name
  endpoints:
    - port: metrics
      path: {{ $s.metrics.path }}
      interval: {{ $s.metrics.serviceMonitor.interval }}
      relabelings:
        - sourceLabels: [__meta_kubernetes_service_label_app_kubernetes_io_component]
          targetLabel: app
{{- end -}}
{{- end -}}
