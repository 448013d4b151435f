{{/*
The Service of one component, with the metrics port: a ServiceMonitor finds each pod there once.
*/}}
{{- define "primetrade-service.service" -}}
{{- $s := include "primetrade-service.settings" . | fromJson -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "primetrade-service.name" . }}
  namespace: {{ .root.Release.Namespace | quote }}
  labels:
    {{- include "primetrade-service.labels" . | nindent 4 }}
  {{- with $s.service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: ClusterIP
  selector:
    {{- include "primetrade-service.selectorLabels" . | nindent 4 }}
  ports:
    - name: http
      port: {{ default $s.port $s.service.port }}
      targetPort: http
      appProtocol: http
    {{- if $s.metrics.enabled }}
    - name: metrics
      port: {{ $s.metrics.port }}
      targetPort: metrics
    {{- end }}
{{- end -}}

{{/*
A second Service without an address of its own, whose name stands for every ready pod: for callers
that choose among the pods themselves. Connections that are kept open would otherwise stay with the
old pods when the HPA adds some.
*/}}
{{- define "primetrade-service.headlessName" -}}
{{- include "primetrade-service.name" (dict "root" .root "component" (printf "%s-pods" .component)) -}}
{{- end -}}

{{- define "primetrade-service.headless" -}}
{{- $s := include "primetrade-service.settings" . | fromJson -}}
{{- if $s.service.headless -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "primetrade-service.headlessName" . }}
  namespace: {{ .root.Release.Namespace | quote }}
  labels:
    {{- include "primetrade-service.labels" . | nindent 4 }}
spec:
  type: ClusterIP
  clusterIP: None
  # Whoever chooses among pods asks each whether it is ready, and learns of a new pod while it boots:
  # names are cached for seconds, in which a rollout may have replaced all that were known.
  publishNotReadyAddresses: true
  selector:
    {{- include "primetrade-service.selectorLabels" . | nindent 4 }}
  ports:
    - name: http
      port: {{ $s.port }}
      targetPort: http
      appProtocol: http
{{- end -}}
{{- end -}}
